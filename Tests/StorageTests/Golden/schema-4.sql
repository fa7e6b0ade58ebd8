CREATE INDEX alias_moves_by_alias ON alias_moves (model, alias);

CREATE INDEX attempts_open ON attempts (trial) WHERE ended IS NULL;

CREATE INDEX checkpoints_by_digest ON checkpoints (digest);

CREATE INDEX data_sets_by_name ON data_sets (name, id);

CREATE INDEX gate_reports_by_sweep ON gate_reports (sweep);

CREATE INDEX released_by_time ON released (time);

CREATE INDEX sweeps_open ON sweeps (id) WHERE ended IS NULL;

CREATE INDEX trials_by_state ON trials (sweep, experiment, state);

CREATE TABLE alias_moves (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    model TEXT NOT NULL,
    alias TEXT NOT NULL,
    old_version INTEGER,
    new_version INTEGER NOT NULL,
    decision TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    is_rollback INTEGER NOT NULL
) STRICT;

CREATE TABLE artifacts (
    trial INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (trial, attempt, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    trial INTEGER NOT NULL,
    number INTEGER NOT NULL,
    worker INTEGER NOT NULL,
    started INTEGER NOT NULL,
    pruned INTEGER,
    ended INTEGER,
    outcome TEXT,
    failure TEXT,
    seconds REAL,
    message TEXT,
    metrics TEXT, checkpoint INTEGER,
    PRIMARY KEY (trial, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE checkpoints (
    trial INTEGER NOT NULL,
    step INTEGER NOT NULL,
    digest TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    objective REAL,
    PRIMARY KEY (trial, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE data_sets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    payload TEXT NOT NULL,
    byte_count INTEGER NOT NULL,
    file_count INTEGER NOT NULL,
    location TEXT,
    added INTEGER NOT NULL
) STRICT;

CREATE TABLE experiments (
    sweep INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    trainer TEXT NOT NULL,
    sampler TEXT NOT NULL,
    planned INTEGER NOT NULL,
    is_exhausted INTEGER NOT NULL,
    created INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    pruned INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    PRIMARY KEY (sweep, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE gate_reports (
    id INTEGER PRIMARY KEY,
    sweep INTEGER NOT NULL,
    time INTEGER NOT NULL,
    winner INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    report TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    first_sweep INTEGER,
    last_sweep INTEGER,
    is_shared INTEGER NOT NULL,
    records BLOB NOT NULL
) STRICT;

CREATE TABLE leaders (
    sweep INTEGER NOT NULL,
    experiment INTEGER NOT NULL,
    score REAL NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (sweep, experiment, score, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
    trial INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (trial, attempt, step, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE released (
    digest TEXT PRIMARY KEY,
    time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sweeps (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    model TEXT,
    metric TEXT NOT NULL,
    goal TEXT NOT NULL,
    phase TEXT NOT NULL,
    reason TEXT NOT NULL,
    is_paused INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    submitted INTEGER NOT NULL,
    ended INTEGER,
    source TEXT NOT NULL,
    spec TEXT NOT NULL
) STRICT;

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    uses INTEGER NOT NULL,
    needs_approval INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    ended INTEGER,
    ending TEXT
) STRICT;

CREATE TABLE trials (
    id INTEGER PRIMARY KEY,
    sweep INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    number INTEGER GENERATED ALWAYS AS (id & 4294967295) VIRTUAL,
    experiment INTEGER NOT NULL,
    task TEXT NOT NULL,
    finalist INTEGER,
    scored_model TEXT,
    scored_version INTEGER,
    seed INTEGER NOT NULL,
    created INTEGER NOT NULL,
    ended INTEGER,
    state TEXT,
    failure TEXT,
    objective REAL,
    parameters TEXT NOT NULL
) STRICT;

CREATE TABLE versions (
    model TEXT NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    sweep INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    artifacts TEXT NOT NULL,
    lineage TEXT NOT NULL,
    PRIMARY KEY (model, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE workers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    authorized INTEGER NOT NULL,
    revoked INTEGER,
    joined INTEGER,
    departed INTEGER,
    host TEXT,
    process INTEGER,
    cpus INTEGER,
    memory_bytes INTEGER,
    software TEXT
, exclusion TEXT, token INTEGER, next_key TEXT, facts TEXT) STRICT;

CREATE TRIGGER alias_moves_no_delete BEFORE DELETE ON alias_moves
BEGIN SELECT raise(ABORT, 'alias_moves can only be added to'); END;

CREATE TRIGGER alias_moves_no_update BEFORE UPDATE ON alias_moves
BEGIN SELECT raise(ABORT, 'alias_moves can only be added to'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'audit can only be added to'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'audit can only be added to'); END;

CREATE TRIGGER gate_reports_no_delete BEFORE DELETE ON gate_reports
BEGIN SELECT raise(ABORT, 'gate_reports can only be added to'); END;

CREATE TRIGGER gate_reports_no_update BEFORE UPDATE ON gate_reports
BEGIN SELECT raise(ABORT, 'gate_reports can only be added to'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'journal can only be added to'); END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'journal can only be added to'); END;

CREATE VIEW aliases AS
SELECT model, alias, new_version AS version, max(id) AS move, time, actor, reason
FROM alias_moves GROUP BY model, alias;

CREATE VIEW best_trials AS
SELECT leaders.sweep, leaders.experiment, leaders.number, trials.objective,
    trials.parameters
FROM leaders JOIN trials ON trials.id = (leaders.sweep << 32) + leaders.number
ORDER BY leaders.sweep, leaders.experiment, leaders.score, leaders.number;

CREATE VIEW trial_states AS
SELECT *, coalesce(state, CASE WHEN EXISTS (
    SELECT 1 FROM attempts WHERE attempts.trial = trials.id AND attempts.ended IS NULL
) THEN 'running' ELSE 'waiting' END) AS stage
FROM trials;
