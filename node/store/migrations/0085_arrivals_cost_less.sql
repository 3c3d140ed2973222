-- What happens to each activity that arrives is planned once per connection, and so that the plan holds for any size of
-- the tables: `keep_arrivals` was planned at each call, since a plan that knows how many there are looked cheaper by
-- less than the planning cost. LIMIT: asked one by one, no hash of all that waits.
CREATE OR REPLACE FUNCTION keep_arrivals(
    onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint,
    worker integer, lease interval
) RETURNS TABLE (new_id bigint, new_once bytea, new_received_at timestamptz, taken boolean)
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
DECLARE
    alone boolean := pg_try_advisory_xact_lock(leasing);
BEGIN
    RETURN QUERY
        INSERT INTO arrivals (once, uri, type, actor_uri, host, body, leased_until, leased_by, attempts)
        SELECT once, uri, type, actor_uri, host, body, CASE WHEN free THEN now() + lease END,
               CASE WHEN free THEN worker END, free::int
          FROM unnest(onces, uris, types, actor_uris, hosts, bodies)
                   AS new (once, uri, type, actor_uri, host, body),
               LATERAL (SELECT alone AND (
                            SELECT true FROM arrivals other
                             WHERE other.actor_uri = new.actor_uri AND done_at IS NULL AND next_at <= now()
                               AND leased_by IS DISTINCT FROM worker
                             LIMIT 1) IS NULL AS free) AS lane
        ON CONFLICT (once) DO NOTHING
        RETURNING id, once, received_at, leased_by IS NOT NULL;
END
$$;

-- The same as events_calendar, as far as it goes.
DROP INDEX events_starts;
