-- What arrives is leased as it is kept to whoever has something of the same actor in work already, if the keeper can
-- pass it on: `workers` are the keeper itself and those. Two who keep something of one actor at the same moment wait for
-- each other, all in one order, instead of leaving it to be leased later. Nor do they leave anything because somebody is
-- leasing just now: that, too, is one call of the server, which no client that hangs can hold up.
-- Who has an actor in work is seen at the last of what waits of it, by one look into one index, which no other can stand
-- in for: with the same condition, all that waits was read for each, where few waited when statistics were gathered.
-- BETWEEN and the order leave no other way to read it either, and OFFSET asks once.
DROP INDEX arrivals_lane;
CREATE INDEX arrivals_lane ON arrivals (actor_uri, id) WHERE outcome IS NULL;

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
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(leasing);
    PERFORM pg_advisory_xact_lock(leasing::integer, lane)
       FROM (SELECT DISTINCT hashtext(speaker) AS lane FROM unnest(actor_uris) AS speaker ORDER BY lane) AS lanes;
    moment := clock_timestamp();  -- now() would pass over what others that began later kept while this waited
    RETURN QUERY
        INSERT INTO arrivals (once, uri, type, actor_uri, host, body, leased_until, leased_by, attempts)
        SELECT once, uri, type, actor_uri, host, body, CASE WHEN taker IS NOT NULL THEN moment + lease END,
               taker, (taker IS NOT NULL)::integer
          FROM unnest(onces, uris, types, actor_uris, hosts, bodies)
                   AS new (once, uri, type, actor_uri, host, body),
               LATERAL (SELECT coalesce((
                            SELECT coalesce(leased_by, 0) FROM arrivals other
                             WHERE other.actor_uri BETWEEN new.actor_uri AND new.actor_uri AND outcome IS NULL
                               AND next_at <= moment
                             ORDER BY other.actor_uri DESC, id DESC LIMIT 1), workers[1]) AS holder OFFSET 0) AS lane,
               LATERAL (SELECT CASE WHEN holder = ANY (workers) THEN holder END AS taker) AS taking
        ON CONFLICT (once) DO NOTHING
        RETURNING id, once, received_at, leased_by;
END
$$;

-- What is due, oldest first, for a worker; its commit does not wait for the disk.
CREATE FUNCTION lease_arrivals(worker integer, most integer, leasing bigint, lease interval) RETURNS SETOF arrivals
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(leasing);
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY
        WITH due AS (
            SELECT id FROM arrivals
            WHERE done_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
              AND actor_uri NOT IN (
                  SELECT actor_uri FROM arrivals
                  WHERE done_at IS NULL AND leased_until > now() AND leased_by <> worker)
            ORDER BY next_at, id
            LIMIT most
            FOR UPDATE SKIP LOCKED
        )
        UPDATE arrivals SET leased_until = now() + lease, leased_by = worker, attempts = attempts + 1
        FROM due
        WHERE arrivals.id = due.id
        RETURNING arrivals.*;
END
$$;
