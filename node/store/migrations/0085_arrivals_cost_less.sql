-- What happens to each activity that arrives is planned once per connection, and so that the plan holds for any size of
-- the tables: `keep_arrivals` was planned at each call, since a plan that knows how many there are looked cheaper by
-- less than the planning cost. LIMIT: asked one by one, no hash of all that waits.
-- And those who keep no longer shut each other out, which left half of what came to be leased later: each holds the
-- actors it keeps something of, and only who leases shuts out all.
CREATE OR REPLACE FUNCTION keep_arrivals(
    onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint,
    worker integer, lease interval
) RETURNS TABLE (new_id bigint, new_once bytea, new_received_at timestamptz, taken boolean)
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
DECLARE
    mine text[];
BEGIN
    IF pg_try_advisory_xact_lock_shared(leasing) THEN
        SELECT array_agg(actor_uri) INTO mine
          FROM (SELECT DISTINCT unnest(actor_uris) AS actor_uri) AS speaker
         WHERE pg_try_advisory_xact_lock(leasing::integer, hashtext(actor_uri));
    END IF;
    RETURN QUERY
        INSERT INTO arrivals (once, uri, type, actor_uri, host, body, leased_until, leased_by, attempts)
        SELECT once, uri, type, actor_uri, host, body, CASE WHEN free THEN now() + lease END,
               CASE WHEN free THEN worker END, free::int
          FROM unnest(onces, uris, types, actor_uris, hosts, bodies)
                   AS new (once, uri, type, actor_uri, host, body),
               LATERAL (SELECT coalesce(new.actor_uri = ANY (mine), false) AND (
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
