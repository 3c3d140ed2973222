-- What people without an account write to the stewards. `number` is the receipt by which they can ask after it.
CREATE TABLE contact_messages (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number     text NOT NULL UNIQUE,
    name       text NOT NULL,
    email      text NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL,
    language   text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at    timestamptz,
    done_by    bigint REFERENCES accounts ON DELETE SET NULL
);
CREATE INDEX contact_messages_open ON contact_messages (id) WHERE done_at IS NULL;
