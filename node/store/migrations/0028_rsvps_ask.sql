-- Answers without an account, which count once their link was used; companions, questions, check-in; who was told what.
ALTER TABLE rsvps
    ADD COLUMN companions     smallint NOT NULL DEFAULT 0 CHECK (companions BETWEEN 0 AND 20),
    ADD COLUMN answers        json NOT NULL DEFAULT '{}',
    ADD COLUMN guest_language text NOT NULL DEFAULT 'en',
    ADD COLUMN checked_in_at  timestamptz,
    ADD COLUMN reminded_at    timestamptz,
    ADD COLUMN told_id        bigint NOT NULL DEFAULT 0,
    ADD COLUMN erased_at      timestamptz;

-- A request has the number that its answer will have, so that one link leads to both.
CREATE TABLE rsvp_requests (
    id       bigint PRIMARY KEY DEFAULT nextval('rsvps_id_seq'),
    event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    email    citext NOT NULL,
    name     text NOT NULL,
    state    text NOT NULL CHECK (state IN ('going', 'maybe', 'declined')),
    language text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (event_id, email)
);
CREATE INDEX rsvp_requests_asked ON rsvp_requests (asked_at);

CREATE TABLE rsvp_terms (
    event_id   bigint PRIMARY KEY REFERENCES events ON DELETE CASCADE,
    companions smallint NOT NULL DEFAULT 0,
    questions  json NOT NULL DEFAULT '[]'
);
