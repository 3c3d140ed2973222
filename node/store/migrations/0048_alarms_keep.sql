-- The mail server that stewards name in the panel (its password sealed), what is wrong with the node now and who was
-- told, and what the doctor found when somebody asked for it in the panel.
ALTER TABLE hub
    ADD COLUMN mail json,
    ADD COLUMN mail_password bytea;

CREATE TABLE alarms (
    kind text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT now(),
    detail json NOT NULL DEFAULT '{}',
    told_at timestamptz
);

CREATE TABLE check_ups (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    asked_at timestamptz NOT NULL DEFAULT now(),
    begun_at timestamptz,
    done_at timestamptz,
    sections json NOT NULL DEFAULT '[]'
);
