-- Measures that two people or a vote decide, that lapse in an emergency, and whose relations come back when they end.

ALTER TABLE measures
    DROP CONSTRAINT measures_kind_check,
    DROP CONSTRAINT measures_target_kind_check,
    ADD CONSTRAINT measures_kind_check CHECK (kind IN (
        'warn', 'sensitive', 'limit', 'freeze', 'suspend', 'reject_media', 'reject_reports', 'purge', 'role', 'rules')),
    ADD CONSTRAINT measures_target_kind_check CHECK (target_kind IN ('actor', 'domain', 'hub')),
    ADD COLUMN how text NOT NULL DEFAULT 'second' CHECK (how IN ('alone', 'second', 'vote')),
    ADD COLUMN quorum integer,            -- of a vote: percent of the roll that must take part
    ADD COLUMN closes_at timestamptz,     -- until then somebody confirms it, or the vote is open
    ADD COLUMN lapses_at timestamptz,     -- taken at once in an emergency: undone then, unless confirmed
    ADD COLUMN purge_at timestamptz,      -- of a suspension: when what it hides is deleted
    ADD COLUMN purged_at timestamptz,
    ADD COLUMN ended_why text NOT NULL DEFAULT ''
        CHECK (ended_why IN ('', 'lifted', 'withdrawn', 'over', 'lapsed', 'failed', 'expired', 'done'));
CREATE INDEX measures_due ON measures (coalesce(lapses_at, closes_at)) WHERE state IN ('proposed', 'executed');
CREATE INDEX measures_purge ON measures (purge_at) WHERE state = 'executed' AND purged_at IS NULL;

-- How each kind of measure is decided here. quorum in percent of the roll, days until a proposal is over.
CREATE TABLE decision_rules (
    kind   text PRIMARY KEY,
    how    text NOT NULL CHECK (how IN ('alone', 'second', 'vote')),
    quorum integer NOT NULL DEFAULT 50 CHECK (quorum BETWEEN 1 AND 100),
    days   integer NOT NULL DEFAULT 7 CHECK (days BETWEEN 1 AND 60)
);
INSERT INTO decision_rules (kind, how) VALUES
    ('warn', 'alone'), ('sensitive', 'alone'), ('limit', 'alone'), ('freeze', 'alone'),
    ('suspend', 'second'), ('purge', 'second'),
    ('server_limit', 'alone'), ('server_reject_media', 'alone'), ('server_reject_reports', 'alone'),
    ('server_suspend', 'second'), ('role', 'second'), ('rules', 'second');

-- The roll of a vote, frozen when it opens: who may vote, and what they said so far.
CREATE TABLE ballots (
    measure_id bigint NOT NULL REFERENCES measures ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    choice     text CHECK (choice IN ('yes', 'no', 'abstain')),
    reason     text NOT NULL DEFAULT '',
    cast_at    timestamptz,
    PRIMARY KEY (measure_id, account_id)
);
CREATE INDEX ballots_account ON ballots (account_id);

ALTER TABLE actors
    ADD COLUMN sensitized_at timestamptz, -- what it shows is marked as sensitive
    ADD COLUMN frozen_at timestamptz;     -- somebody elsewhere of whom nothing new is taken
-- Marked by a measure, not by its author: then it is no longer when the measure ends.
ALTER TABLE posts ADD COLUMN made_sensitive boolean NOT NULL DEFAULT false;

-- Follows that a suspension cut, to be restored when it ends.
CREATE TABLE severed (
    measure_id  bigint NOT NULL REFERENCES measures ON DELETE CASCADE,
    follower_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    followed_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    uri         text NOT NULL,
    accepted    boolean NOT NULL,
    boosts      boolean NOT NULL,
    notify      boolean NOT NULL,
    languages   text[],
    PRIMARY KEY (measure_id, follower_id, followed_id)
);
