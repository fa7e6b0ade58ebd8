#!/bin/sh
# What `picoml hosts` does on a host. It is sent there with every step, as an argument of sh:
#
#   STEP SERVICE FOLDER …
#
# SERVICE is `system`, for which root runs this, or `user`. FOLDER is where the worker of a user
# lives, relative to the home. What the command reads are lines of a name, a space and a value; what
# a person is to read of a failure is the last line of standard error.
set -eu
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
unit=picoml-worker.service
unit_file=/etc/systemd/system/$unit
join_seconds=15
stop_seconds=30

say() { printf '%s %s\n' "$1" "$2"; }
fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

# locate SERVICE: where its parts are.
locate() {
    if [ "$1" = system ]; then
        program=/usr/local/lib/picoml/picoml
        state=/var/lib/picoml/worker
    else
        case $folder in
            /*) base=$folder ;;
            *) base=$HOME/$folder ;;
        esac
        program=$base/picoml
        state=$base/worker
        note=$base/worker.pid
        log=$base/worker.log
    fi
}

# The number of the user's worker. A number alone may have become another process's.
process() {
    [ -r "$note" ] || return 1
    read -r number <"$note" || return 1
    case $number in
        '' | *[!0-9]*) return 1 ;;
    esac
    tr '\0' '\n' 2>/dev/null <"/proc/$number/cmdline" | grep -qxF -e "$state" || return 1
    printf '%s\n' "$number"
}

is_running() {
    if [ "$1" = system ]; then
        [ -d /run/systemd/system ] && systemctl --quiet is-active "$unit"
    else
        process >/dev/null
    fi
}

sum() { sha256sum <"$1" | cut -c 1-64; }

# The free kibibytes where `program` is, or will be.
free() {
    place=$program
    while [ ! -d "$place" ]; do place=$(dirname "$place"); done
    df -Pk "$place" | awk 'NR == 2 { print $4 }'
}

probe() {
    say picoml-host 1
    say system "$(uname -s)"
    say machine "$(uname -m)"
    say user "$(id -un 2>/dev/null || id -u)"
    if [ "$(id -u)" = 0 ]; then
        say root self
    elif sudo -n true 2>/dev/null; then
        say root sudo
    fi
    [ ! -d /run/systemd/system ] || say systemd yes
    for each in system user; do
        locate "$each"
        say "$each-free" "$(free)"
        if [ -r "$program" ]; then
            say "$each-program" "$(sum "$program")"
            say "$each-version" "$("$program" --version 2>/dev/null | head -n 1)"
        fi
        if is_running "$each"; then say "$each-running" yes; fi
    done
    say picoml-end 1
}

# place SHA256: takes the program from standard input. What is there is replaced only by a program
# that arrived whole and runs here.
place() {
    new=$program.new
    mkdir -p "$(dirname "$program")"
    rm -f "$new"
    trap 'rm -f "$new"' EXIT
    cat >"$new" || fail "the program cannot be written to $new"
    [ "$(sum "$new")" = "$1" ] || fail "the program did not arrive as it was sent"
    chmod 755 "$new"
    missing=$(ldd "$new" 2>&1 | sed -n \
        -e 's/^[[:space:]]*\(lib[^ ]*\) => not found.*/\1/p' \
        -e "s/.*version \`\(GLIBC_[0-9.]*\)' not found.*/\1/p" | sort -u | tr '\n' ' ')
    if [ -n "$missing" ]; then
        say missing "$missing"
        fail "the program lacks $missing"
    fi
    version=$("$new" --version 2>&1) || fail "the program does not run there: $version"
    mv -f "$new" "$program"
    say version "$version"
}

# enrol PROGRAM…: with the token on standard input; a worker that has enrolled before does not use it.
enrol() {
    words=$(timeout "$join_seconds" "$@" worker join --join-file - --name "$name" \
        --state "$state" --log-level warning 2>&1) || fail "it does not join: $(plain "$words")"
}

# plain TEXT: what ended a program, or else its last line, without its time and place.
plain() {
    line=$(printf '%s\n' "$1" | grep '^error: ' | tail -n 1) || true
    [ -n "$line" ] || line=$(printf '%s\n' "$1" | tail -n 1)
    printf '%s\n' "$line" | sed -e 's/^[^]]*\[[A-Za-z]*\] //' -e 's/^error: //'
}

# user NAME HOME: a user of the system, made when there is none.
user() {
    getent passwd "$1" >/dev/null || useradd --system --user-group \
        --home-dir "$2" --no-create-home --shell /usr/sbin/nologin "$1"
}

# start NAME UNIT OPTION…: enrols with the token on standard input, then starts.
start() {
    name=$1
    text=$2
    shift 2
    if [ "$service" = system ]; then
        user picoml /var/lib/picoml
        user picoml-trial /nonexistent
        [ -d /var/lib/picoml ] || install -d -o picoml -g picoml -m 755 /var/lib/picoml
        [ -d "$state" ] || install -d -o picoml -g picoml -m 711 "$state"
        enrol runuser -u picoml -- "$program"
        printf '%s\n' "$text" >"$unit_file.new"
        mv -f "$unit_file.new" "$unit_file"
        systemctl daemon-reload
        systemctl --quiet enable "$unit"
        systemctl start "$unit" 2>/dev/null || fail "it does not start: $(last_words)"
        return
    fi
    mkdir -p "$base"
    enrol "$program"
    # What it says now is not to be taken for what it said before.
    [ ! -f "$log" ] || mv -f "$log" "$log.old"
    # In a session of its own, it goes on when this one ends.
    LIBDISPATCH_LOG=NO nohup setsid "$program" worker run --state "$state" "$@" \
        </dev/null >>"$log" 2>&1 &
    echo $! >"$note"
    sleep 0.3
    process >/dev/null || fail "it ended at once: $(last_words)"
}

# stop gently|now: ends what runs only when told `now`.
stop() {
    is_running "$service" || return 0
    if [ "$service" = system ]; then
        if [ "$1" = now ]; then
            systemctl kill --kill-who=main --signal=TERM "$unit" || true
            systemctl kill --kill-who=main --signal=INT "$unit" || true
        fi
        systemctl stop "$unit"
        return
    fi
    number=$(process) || return 0
    kill -TERM "$number" || true
    [ "$1" != now ] || kill -INT "$number" || true
    left=$((stop_seconds * 5))
    while process >/dev/null; do
        if [ "$left" -le 0 ]; then
            [ "$1" = now ] || fail "it still runs $stop_seconds s after it was told to leave"
            kill -KILL "$number" || true
        fi
        left=$((left - 1))
        sleep 0.2
    done
}

# What nothing needs once no worker is wanted here; its key, program and cache stay.
remove() {
    if [ "$service" = user ]; then
        rm -f "$note"
        return
    fi
    [ -e "$unit_file" ] || return 0
    systemctl --quiet disable "$unit" || true
    rm -f "$unit_file"
    systemctl daemon-reload
}

last_words() {
    if [ "$service" = system ]; then
        words=$(journalctl --identifier=picoml --lines=8 --output=cat --no-pager --quiet \
            "_SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value "$unit")" \
            2>/dev/null) || true
    else
        words=$(tail -n 8 "$log" 2>/dev/null) || true
    fi
    plain "$words"
}

step=$1
service=$2
folder=$3
shift 3
if [ "$service" = system ]; then umask 022; else umask 077; fi
locate "$service"
"$step" "$@"
