-- Joining: how the hub takes people in (schemas/sign_ups.py), invitations, and applications, which become accounts.

ALTER TABLE hub ADD COLUMN sign_ups json NOT NULL DEFAULT '{}';

CREATE TABLE invitations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    made_by    bigint REFERENCES accounts ON DELETE SET NULL,
    note       text NOT NULL DEFAULT '',
    places     integer NOT NULL CHECK (places BETWEEN 1 AND 1000),
    taken      integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND places),
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invitations_made_by ON invitations (made_by, id DESC);

-- Nobody who only applied has an account or an actor. What was said is kept as long as the decision takes.
CREATE TABLE applications (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          citext NOT NULL,
    display_name  text NOT NULL,
    email         citext NOT NULL,
    password_hash text,                        -- until the decision
    language      text NOT NULL,
    answers       json NOT NULL DEFAULT '[]',
    state         text NOT NULL DEFAULT 'confirming' CHECK (state IN ('confirming', 'waiting', 'accepted', 'declined')),
    doubts        text[] NOT NULL DEFAULT '{}', -- why somebody has to look even where the hub is open
    invitation_id bigint REFERENCES invitations ON DELETE SET NULL,
    invited_by    bigint REFERENCES accounts ON DELETE SET NULL,
    key_hash      bytea UNIQUE,                -- of the letter that confirms the address
    expires_at    timestamptz NOT NULL,        -- of that key
    app_id        bigint REFERENCES apps ON DELETE SET NULL,
    token_hash    bytea UNIQUE,                -- of the token that the app gets with the account
    scopes        text[] NOT NULL DEFAULT '{}',
    account_id    bigint REFERENCES accounts ON DELETE SET NULL,
    notes         text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    confirmed_at  timestamptz,
    decided_at    timestamptz,
    decided_by    bigint REFERENCES accounts ON DELETE SET NULL
);
CREATE UNIQUE INDEX applications_name ON applications (name) WHERE state IN ('confirming', 'waiting');
CREATE UNIQUE INDEX applications_email ON applications (email) WHERE state IN ('confirming', 'waiting');
CREATE INDEX applications_state ON applications (state, id);
