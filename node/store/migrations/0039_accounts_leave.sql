-- Members who want their account deleted: until `leaves_at` they can take it back. And the secret address of a member's
-- own calendar, which can be renewed and withdrawn.

CREATE TABLE leavings (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    asked_at   timestamptz NOT NULL DEFAULT now(),
    leaves_at  timestamptz NOT NULL
);
CREATE INDEX leavings_due ON leavings (leaves_at);

CREATE TABLE calendar_keys (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    secret     text NOT NULL UNIQUE,
    with_hubs  boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
