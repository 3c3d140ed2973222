-- Signing in by two steps, and how often somebody has tried, counted over all processes.

CREATE TABLE attempts (
    subject text NOT NULL,
    who bytea NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (subject, who)
);
CREATE INDEX attempts_due ON attempts (due_at);

-- Somebody who knew the password and still owes the second factor. Gone when it is used, or its time is over.
CREATE TABLE pending_sign_ins (
    key_hash bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    challenge bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_ins_expires ON pending_sign_ins (expires_at);
CREATE INDEX pending_sign_ins_account ON pending_sign_ins (account_id);
CREATE INDEX apps_used ON apps (used_at);
CREATE INDEX authorization_codes_account ON authorization_codes (account_id);
