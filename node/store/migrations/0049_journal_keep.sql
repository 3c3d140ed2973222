-- What went wrong inside the node, by kind: no texts of persons, no addresses. For the panel, for some days.
CREATE TABLE journal (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    level text NOT NULL,
    source text NOT NULL,
    words text NOT NULL,
    detail text NOT NULL DEFAULT ''
);
CREATE INDEX journal_at ON journal (at);
