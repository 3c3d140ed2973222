-- What arrives is leased as it is kept to whoever has something of the same actor in work already, if the keeper can
-- pass it on: `workers` are the keeper itself and those. Two who keep something of one actor at the same moment wait for
-- each other, all in one order, instead of leaving it to be leased later. LIMIT: asked one by one, no hash of all that
-- waits.
DROP FUNCTION keep_arrivals(bytea[], text[], text[], text[], text[], text[], bigint, integer, interval);

CREATE FUNCTION keep_arrivals(
    onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint,
    workers integer[], lease interval
) RETURNS TABLE (new_id bigint, new_once bytea, new_received_at timestamptz, taken_by integer)
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
DECLARE
    may_take boolean := pg_try_advisory_xact_lock_shared(leasing);
BEGIN
    IF may_take THEN
        PERFORM pg_advisory_xact_lock(leasing::integer, lane)
           FROM (SELECT DISTINCT hashtext(speaker) AS lane FROM unnest(actor_uris) AS speaker ORDER BY lane) AS lanes;
    END IF;
    RETURN QUERY
        INSERT INTO arrivals (once, uri, type, actor_uri, host, body, leased_until, leased_by, attempts)
        SELECT once, uri, type, actor_uri, host, body, CASE WHEN taker IS NOT NULL THEN now() + lease END,
               taker, (taker IS NOT NULL)::integer
          FROM unnest(onces, uris, types, actor_uris, hosts, bodies)
                   AS new (once, uri, type, actor_uri, host, body),
               LATERAL (SELECT coalesce((
                            SELECT coalesce(leased_by, 0) FROM arrivals other
                             WHERE other.actor_uri = new.actor_uri AND done_at IS NULL AND next_at <= now()
                             LIMIT 1), workers[1]) AS holder) AS lane,
               LATERAL (SELECT CASE WHEN may_take AND holder = ANY (workers) AND (
                            SELECT true FROM arrivals other
                             WHERE other.actor_uri = new.actor_uri AND done_at IS NULL AND next_at <= now()
                               AND leased_by IS DISTINCT FROM holder
                             LIMIT 1) IS NULL THEN holder END AS taker) AS taking
        ON CONFLICT (once) DO NOTHING
        RETURNING id, once, received_at, leased_by;
END
$$;
