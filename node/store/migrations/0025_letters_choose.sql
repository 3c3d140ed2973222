-- Keys that are sent by mail and open something once: an address is confirmed, a forgotten password set anew.
CREATE TABLE mail_keys (
    key_hash   bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('confirm', 'reset')),
    email      citext NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX mail_keys_account ON mail_keys (account_id, purpose);
CREATE INDEX mail_keys_expired ON mail_keys (expires_at);

-- Browsers in which an account was signed in: a letter tells its owner of a new one.
CREATE TABLE known_devices (
    account_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    device_hash bytea NOT NULL,
    seen_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, device_hash)
);
CREATE INDEX known_devices_seen ON known_devices (seen_at);

-- Which letters somebody wants, where that is not what everybody gets.
CREATE TABLE mail_choices (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       text NOT NULL,
    wanted     boolean NOT NULL,
    PRIMARY KEY (account_id, kind)
);

-- Up to which notice of a kind somebody was told by mail, and when.
CREATE TABLE notice_mails (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       text NOT NULL,
    up_to      bigint NOT NULL,
    sent_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, kind)
);
CREATE INDEX notifications_unseen ON notifications (created_at) WHERE seen_at IS NULL AND NOT filtered;

-- When somebody's weekly letter is due: 1 is Monday, the hour is one of their own clocks.
CREATE TABLE digests (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    weekday    smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    hour       smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    next_at    timestamptz NOT NULL,
    since      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX digests_due ON digests (next_at);
