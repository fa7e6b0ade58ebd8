#!/usr/bin/env bash
# What a trial may do on its host; scripts/test-package reads what it says.
set -euo pipefail

code=$(dirname "$0")
say() { printf 'probe %s: %s\n' "$1" "$2"; }

worker=/var/lib/picoml/worker
status() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }

# can NAME COMMAND…: whether the command succeeds.
can() {
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then say "$name" yes; else say "$name" no; fi
}

write() { : >"$1"; }

say user "$(id -un)"
say groups "$(id -Gn)"
say capabilities "$(status CapInh) $(status CapPrm) $(status CapEff) $(status CapAmb)"
say no-new-privileges "$(status NoNewPrivs)"
say home "$(stat --format='%U %a' "$HOME")"
say group "$(tr '\n' ' ' </proc/self/cgroup)"

# Of version 2 of control groups, then of version 1.
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
limit=/sys/fs/cgroup$own/memory.max
if [ ! -e "$limit" ]; then
    own=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
    limit=/sys/fs/cgroup/memory$own/memory.limit_in_bytes
fi
say memory "$(cat "$limit" 2>/dev/null)"

can "read the key" cat "$worker/curve.secret"
can "read results" cat "$worker"/spool-*
can "list trials" ls "$worker/trials"
can "list the coordinator's state" ls /var/lib/picoml/coordinator
can "write to the worker's state" write "$worker/probe"
can "write to the cache" write /var/cache/picoml/environments/probe
can "write to the code" write "$code/probe"
can "write to the system" write /usr/probe
can "see the worker" test -d "/proc/$(cat "$code/worker")"
can "signal the worker" kill -0 "$(cat "$code/worker")"
can "write to its folder" write "$TMPDIR/probe"
can "write to its home" write "$HOME/probe"
can "write a checkpoint" write "$PICOML_CHECKPOINT_DIR/probe"

# The metric of a command; a trial in Python has its own.
[ $# = 0 ] || echo "$1"
