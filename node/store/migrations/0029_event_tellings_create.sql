-- What those who answered an event are told: a change of plan, or words of the organisers. `rsvps.told_id` says how far
-- each of them was told; numbers are given under the event's row lock, so that they commit in their order.
CREATE TABLE event_tellings (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id   bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('message', 'cancelled', 'postponed', 'moved', 'changed', 'scheduled')),
    states     text[] NOT NULL,
    words      text NOT NULL DEFAULT '',
    account_id bigint REFERENCES accounts ON DELETE SET NULL,
    told_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_tellings_event ON event_tellings (event_id, id);

CREATE FUNCTION last_telling(bigint) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$ SELECT coalesce(max(id), 0) FROM event_tellings WHERE event_id = $1 $$;
