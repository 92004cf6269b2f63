-- What people agreed to, the rules that act, and everything that is sent.

-- The words somebody agreed to. A text never changes: other words are another version.
CREATE TABLE consent_wordings (
    purpose {text} NOT NULL,      -- survey, service, marketing, research, training
    version {i64} NOT NULL,       -- 1, 2, … of a purpose
    texts {text} NOT NULL,        -- JSON: the words by language
    created_ms {i64} NOT NULL,
    by_name {text} NOT NULL,
    PRIMARY KEY (purpose, version)
) {strict};

-- Each word about a purpose, given or withdrawn; the newest counts. By the alias itself, so that people who are joined and
-- separated keep their own.
CREATE TABLE consents (
    id {id} PRIMARY KEY,
    alias {text} NOT NULL,        -- "user:U1", "email:a@b.vn"
    purpose {text} NOT NULL,
    state {text} NOT NULL,        -- given, withdrawn
    wording {i64},                -- the version that was shown; NULL: withdrawn without one
    channel {text},               -- email, webhook; NULL: all
    how {text} NOT NULL,          -- form, call, paper, import, survey, opt_out, staff, api
    evidence {text},              -- where the proof lies
    at_ms {i64} NOT NULL,         -- when the person said so
    recorded_ms {i64} NOT NULL,
    by_name {text} NOT NULL       -- who recorded it
) {strict};

CREATE INDEX consents_alias ON consents (alias, purpose, at_ms);

CREATE TABLE rules (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    enabled {i64} NOT NULL,
    when_json {text} NOT NULL,    -- what sets it off
    if_json {text} NOT NULL,      -- conditions on the event and the person
    then_json {text} NOT NULL,    -- what is done
    wait {text},                  -- "2h" between the two
    share {f64} NOT NULL,         -- of people
    hold_out {f64} NOT NULL,      -- of people, by lot
    once_json {text},             -- once for each person or value of a property
    fresh {text},                 -- how old an event may be when it arrives
    since_ms {i64} NOT NULL,      -- what arrived before this moment does not fire it: when it was switched on last
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL,
    by_name {text} NOT NULL
) {strict};

-- Grows with every change of a rule, so that everybody notices.
CREATE TABLE rule_state (
    one {i64} PRIMARY KEY,        -- 1
    version {i64} NOT NULL
) {strict};

-- Each time a rule's "when" held, once for each cause.
CREATE TABLE rule_runs (
    id {id} PRIMARY KEY,
    rule_id {id} NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    cause {text} NOT NULL,        -- event:ID, alert:ID, time:MS, time:MS:ALIAS
    event {id},                   -- the event, where one is the cause
    alias {text},                 -- of the person; NULL: about nobody
    told {text},                  -- JSON: what an alert says
    at_ms {i64} NOT NULL,         -- when it held
    due_ms {i64} NOT NULL,        -- when the rest is looked at
    outcome {text} NOT NULL,      -- waiting, fired, condition, sampled_out, held_out, repeated, nobody, gone, off, failed
    done_ms {i64},
    UNIQUE (rule_id, cause)
) {strict};

CREATE INDEX rule_runs_alias ON rule_runs (alias);
CREATE INDEX rule_runs_event ON rule_runs (event);
CREATE INDEX rule_runs_rule ON rule_runs (rule_id, id);

-- Who is left out of a rule, by lot, so that its effect can be measured: decided once.
CREATE TABLE rule_lots (
    rule_id {id} NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    alias {text} NOT NULL,
    held {i64} NOT NULL,          -- 1: left out
    at_ms {i64} NOT NULL,
    PRIMARY KEY (rule_id, alias)
) {strict};

CREATE INDEX rule_lots_alias ON rule_lots (alias);

-- For whom or what a rule that fires once has fired.
CREATE TABLE rule_once (
    rule_id {id} NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    what {text} NOT NULL,         -- a digest of the person or the property's value
    run_id {id} NOT NULL,
    at_ms {i64} NOT NULL,
    PRIMARY KEY (rule_id, what)
) {strict};

-- How far the log has been followed, where one process alone has the records.
-- passing: of this database and its log
CREATE TABLE rule_cursor (
    one {i64} PRIMARY KEY,        -- 1
    event {id} NOT NULL
) {strict};

-- Everything that goes out about or to a person, also what was refused.
CREATE TABLE sends (
    id {id} PRIMARY KEY,
    cause {text} NOT NULL UNIQUE, -- what it follows from; the same cause is never sent twice
    rule_id {id},                 -- NULL: by hand
    run_id {id},
    alias {text},                 -- of the person; NULL: about nobody
    purpose {text} NOT NULL,
    channel {text} NOT NULL,      -- email, webhook
    what {text} NOT NULL,         -- survey, webhook
    object {id},                  -- the survey
    target {id},                  -- the webhook target
    link {id},                    -- the personal link it carries
    input {text} NOT NULL,        -- JSON: what the message is made from
    address {text},               -- where it went
    state {text} NOT NULL,        -- waiting, sending, sent, refused, failed, cancelled
    reason {text},                -- why it was refused, waits or failed
    attempts {i64} NOT NULL,
    created_ms {i64} NOT NULL,
    due_ms {i64} NOT NULL,
    passed_ms {i64},              -- when it passed the gate
    sent_ms {i64},
    by_name {text} NOT NULL
) {strict};

CREATE INDEX sends_alias ON sends (alias, purpose, passed_ms);
CREATE INDEX sends_object ON sends (object, id);
CREATE INDEX sends_rule ON sends (rule_id, id);
CREATE INDEX sends_run ON sends (run_id);

-- Addresses that do not exist: a keyed digest is enough to know them again.
CREATE TABLE suppressed (
    address {text} PRIMARY KEY,
    channel {text} NOT NULL,
    reason {text} NOT NULL,
    since_ms {i64} NOT NULL
) {strict};

-- Where signed calls go.
CREATE TABLE webhook_targets (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    url {text} NOT NULL,
    enabled {i64} NOT NULL,
    secret {text} NOT NULL,       -- sealed with the key of the installation
    old_secret {text},            -- the one before, sealed; valid while receivers change over
    old_until_ms {i64},
    last_class {i64},             -- 2: the last call was answered with 2xx; 0: no answer
    last_ms {i64},
    failing_ms {i64},             -- since when every call fails; NULL: it works
    created_ms {i64} NOT NULL,
    by_name {text} NOT NULL
) {strict};

-- How much one person gets, for each purpose.
CREATE TABLE send_limits (
    purpose {text} PRIMARY KEY,
    most {i64} NOT NULL,          -- messages
    days {i64} NOT NULL,          -- within so many days
    gap_days {i64} NOT NULL       -- between two about the same survey; 0: none
) {strict};

CREATE TABLE send_hours (
    one {i64} PRIMARY KEY,        -- 1
    quiet {i64} NOT NULL,         -- 1: nothing is sent within the hours below
    quiet_from {i64} NOT NULL,    -- minutes after midnight in the zone of the installation
    quiet_to {i64} NOT NULL,
    sundays {i64} NOT NULL        -- 1: nothing on Sundays either
) {strict};

-- What rules tell people of the company.
CREATE TABLE notices (
    id {id} PRIMARY KEY,
    role {text} NOT NULL,         -- who reads it
    rule_id {id},
    run_id {id},
    text {text} NOT NULL,         -- what the rule says
    event {id},
    created_ms {i64} NOT NULL,
    done_ms {i64},                -- somebody saw to it
    done_by {text}
) {strict};
