-- What arrives is passed on to the worker that has its actor's in work, by whichever process took it in: two activities
-- of one actor may come by two lines, and the later one first. So who keeps one says which was the last before it that
-- waits or is in work, by its id (`comes_after`), and the worker begins the later one after that.
DROP FUNCTION keep_arrivals(bytea[], text[], text[], text[], text[], text[], bigint, integer[], interval);

CREATE FUNCTION keep_arrivals(
    onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint,
    workers integer[], lease interval
) RETURNS TABLE (new_id bigint, new_once bytea, new_received_at timestamptz, taken_by integer, comes_after bigint)
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
DECLARE
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(leasing);
    PERFORM pg_advisory_xact_lock(leasing::integer, lane)
       FROM (SELECT DISTINCT hashtext(speaker) AS lane FROM unnest(actor_uris) AS speaker ORDER BY lane) AS lanes;
    moment := clock_timestamp();  -- now() would pass over what others that began later kept while this waited
    RETURN QUERY
        WITH new AS MATERIALIZED (
            SELECT given.*, latest.id AS after, taker
              FROM unnest(onces, uris, types, actor_uris, hosts, bodies)
                       AS given (once, uri, type, actor_uri, host, body)
              LEFT JOIN LATERAL (
                       SELECT other.id, coalesce(leased_by, 0) AS worker FROM arrivals other
                        WHERE other.actor_uri BETWEEN given.actor_uri AND given.actor_uri AND outcome IS NULL
                          AND next_at <= moment
                        ORDER BY other.actor_uri DESC, other.id DESC LIMIT 1) AS latest ON true,
                   LATERAL (SELECT coalesce(worker, workers[1]) AS holder OFFSET 0) AS lane,
                   LATERAL (SELECT CASE WHEN holder = ANY (workers) THEN holder END AS taker) AS taking
        ), kept AS (
            INSERT INTO arrivals (once, uri, type, actor_uri, host, body, leased_until, leased_by, attempts)
            SELECT once, uri, type, actor_uri, host, body, CASE WHEN taker IS NOT NULL THEN moment + lease END,
                   taker, (taker IS NOT NULL)::integer
              FROM new
            ON CONFLICT (once) DO NOTHING
            RETURNING id, once, received_at, leased_by
        )
        SELECT kept.id, kept.once, kept.received_at, kept.leased_by, new.after FROM kept JOIN new USING (once);
END
$$;
