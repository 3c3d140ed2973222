-- The register of members, with or without an account; and who publishes in the name of an organisation.

CREATE TABLE members (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number      text UNIQUE,
    kind        text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'organisation')),
    name        text NOT NULL,
    email       citext,
    address     text NOT NULL DEFAULT '',
    class       text NOT NULL DEFAULT '',
    since       date,
    until       date,
    shares      integer NOT NULL DEFAULT 0 CHECK (shares >= 0),
    dues        text NOT NULL DEFAULT 'none' CHECK (dues IN ('none', 'due', 'paid', 'waived')),
    notes       text NOT NULL DEFAULT '',
    consents    json NOT NULL DEFAULT '{}',   -- purpose → day on which it was given
    keep_until  date,                         -- then the entry is to be erased
    account_id  bigint UNIQUE REFERENCES accounts ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX members_keep_until ON members (keep_until) WHERE keep_until IS NOT NULL;

CREATE TABLE editors (
    actor_id   bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    named_by   bigint REFERENCES accounts ON DELETE SET NULL,
    since      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, account_id)
);
CREATE INDEX editors_account ON editors (account_id);
