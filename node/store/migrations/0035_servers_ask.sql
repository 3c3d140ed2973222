-- Whom we federate with: servers that wait for a look, lists of domains, circles of hubs, and traces of activities.

ALTER TABLE hosts
    ADD COLUMN waits_since timestamptz, -- wants to speak and nobody has looked at it yet
    ADD COLUMN dropped_at timestamptz,  -- somebody looked and said no
    ADD COLUMN paused_at timestamptz;   -- nothing is sent until somebody says so
CREATE INDEX hosts_waiting ON hosts (waits_since) WHERE waits_since IS NOT NULL;

-- What servers that wait have said: unread and unverified, to be checked as if it came now, or thrown away.
CREATE TABLE held (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    once        bytea NOT NULL UNIQUE,
    host        text NOT NULL,
    signature   text NOT NULL,
    body        text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX held_host ON held (host, id);

-- A measure on a domain is found by the domains above a host, not by looking through all measures.
CREATE FUNCTION domains_above(host text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT array_agg(array_to_string(labels[place:], '.'))
      FROM string_to_array(regexp_replace(host, ':[0-9]+$', ''), '.') AS labels,
           generate_series(1, cardinality(labels)) AS place
$$;
CREATE OR REPLACE FUNCTION domain_measure(wanted text, host text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT EXISTS (
        SELECT FROM measures
         WHERE target_kind = 'domain' AND target = ANY (domains_above(host)) AND kind = wanted AND state = 'executed'
           AND (ends_at IS NULL OR ends_at > now()))
$$;

-- A list of domains: a file somebody brought, or an address read again and again.
CREATE TABLE domain_lists (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    url         text UNIQUE,
    purpose     text NOT NULL CHECK (purpose IN ('block', 'allow')),
    body        bytea,                  -- until it is read
    media_type  text NOT NULL DEFAULT '',
    etag        text NOT NULL DEFAULT '',
    state       text NOT NULL CHECK (state IN ('reading', 'read', 'confirming', 'applying', 'failed')),
    lines       integer NOT NULL DEFAULT 0,  -- there are
    done        integer NOT NULL DEFAULT 0,  -- of these
    skipped     integer NOT NULL DEFAULT 0,  -- of these no domains
    round       integer NOT NULL DEFAULT 0,  -- how often it was read: what was not in the last round was taken off
    error       text NOT NULL DEFAULT '',
    exclusions  text[] NOT NULL DEFAULT '{}',
    created_by  bigint REFERENCES accounts ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    read_at     timestamptz,
    proposed_by bigint REFERENCES accounts ON DELETE SET NULL,
    proposed_at timestamptz,
    confirmed_by bigint REFERENCES accounts ON DELETE SET NULL,
    ended_at    timestamptz
);

-- What a list or a circle proposes about a domain, until somebody decides.
CREATE TABLE drafts (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id    bigint REFERENCES domain_lists ON DELETE CASCADE,
    domain     text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('limit', 'suspend', 'reject_media', 'reject_reports', 'allow')),
    lifts      boolean NOT NULL DEFAULT false, -- the list no longer has it: end the measure that came of it
    reason     text NOT NULL DEFAULT '',
    private_reason text NOT NULL DEFAULT '',
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'rejected', 'withdrawn')),
    round      integer NOT NULL DEFAULT 0,
    measure_id bigint REFERENCES measures ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    decided_by bigint REFERENCES accounts ON DELETE SET NULL,
    UNIQUE NULLS NOT DISTINCT (list_id, domain, kind)
);
CREATE INDEX drafts_waiting ON drafts (list_id, id) WHERE state = 'waiting';
CREATE INDEX drafts_domain ON drafts (domain);

-- A circle is a relation between two hubs: named, wanted by both, ended by either.
CREATE TABLE circle_hubs (
    actor_id  bigint PRIMARY KEY REFERENCES actors ON DELETE CASCADE,
    name      text NOT NULL,
    state     text NOT NULL CHECK (state IN ('asked', 'asks', 'member')),
    offer_uri text NOT NULL UNIQUE,
    since     timestamptz NOT NULL DEFAULT now(),
    by        bigint REFERENCES accounts ON DELETE SET NULL
);

CREATE TABLE recommendations (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uri          text NOT NULL,
    offer_uri    text NOT NULL UNIQUE,
    actor_id     bigint NOT NULL REFERENCES actors ON DELETE CASCADE, -- who recommends; our hub for our own
    domain       text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('limit', 'suspend', 'reject_media', 'reject_reports')),
    reason       text NOT NULL,
    evidence     text[] NOT NULL DEFAULT '{}',
    hearsay      boolean NOT NULL DEFAULT false,
    published_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    retracted_at timestamptz,
    draft_id     bigint REFERENCES drafts ON DELETE SET NULL,
    UNIQUE (actor_id, uri)
);
CREATE INDEX recommendations_domain ON recommendations (domain) WHERE retracted_at IS NULL;
ALTER TABLE hub ADD COLUMN circle_weight integer NOT NULL DEFAULT 2 CHECK (circle_weight BETWEEN 1 AND 20);

-- What became of single activities, for some days.
CREATE TABLE traces (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    way      text NOT NULL CHECK (way IN ('in', 'out')),
    host     text NOT NULL,
    activity text NOT NULL,
    type     text NOT NULL DEFAULT '',
    fine     boolean NOT NULL,
    words    text NOT NULL
);
CREATE INDEX traces_activity ON traces (activity, id);
CREATE INDEX traces_host ON traces (host, id);
CREATE INDEX traces_at ON traces (at);
