-- Back-ups that the node made by itself, and whether they could be restored.
CREATE TABLE back_ups (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    file text NOT NULL,
    bytes bigint NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT now(),
    error text NOT NULL DEFAULT '',
    tested_at timestamptz,
    test_error text NOT NULL DEFAULT ''
);
CREATE INDEX back_ups_made ON back_ups (made_at);
