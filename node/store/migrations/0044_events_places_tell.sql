-- What an event is called in calendars and where it was told first, so that it is shown once; how people get into a
-- place and what helps them there.
ALTER TABLE events
    ADD COLUMN uid     text CHECK (length(uid) BETWEEN 1 AND 300),
    ADD COLUMN told_at text;

ALTER TABLE places
    ADD COLUMN access      text[] NOT NULL DEFAULT '{}',
    ADD COLUMN access_note text NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION event_detail(event_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT e.starts_at, e.starts_local, e.zone, e.ends_at, e.ends_local, e.previous_start, e.status,
                       (SELECT place FROM place_documents WHERE id = e.place_id) AS place,
                       e.online_url, e.capacity, e.waiting_list, e.join_mode, e.external_url, e.categories,
                       e.organisers, e.uid, e.told_at, e.rrule, e.sequence, e.going
                  FROM events e
                 WHERE e.post_id = event_id) detail);
END
$$;

CREATE OR REPLACE VIEW place_documents AS
SELECT id,
       json_build_object(
           'name', name, 'street', street, 'postal_code', postal_code, 'locality', locality, 'region', region,
           'country', country, 'latitude', latitude, 'longitude', longitude, 'uri', uri, 'access', access,
           'access_note', access_note) AS place
  FROM places;
