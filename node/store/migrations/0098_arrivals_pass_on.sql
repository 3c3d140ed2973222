-- What arrives is leased as it is kept to whoever has something of the same actor in work already, if the keeper can
-- pass it on: `workers` are the keeper itself and those. Two who keep something of one actor at the same moment wait for
-- each other, all in one order, instead of leaving it to be leased later. LIMIT: asked one by one, no hash of all that
-- waits. Nor do they leave anything to be leased later because somebody is leasing just now: that, too, is one call of
-- the server, which no client that hangs can hold up.
DROP FUNCTION keep_arrivals(bytea[], text[], text[], text[], text[], text[], bigint, integer, interval);

CREATE FUNCTION keep_arrivals(
    onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint,
    workers integer[], lease interval
) RETURNS TABLE (new_id bigint, new_once bytea, new_received_at timestamptz, taken_by integer)
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(leasing);
    PERFORM pg_advisory_xact_lock(leasing::integer, lane)
       FROM (SELECT DISTINCT hashtext(speaker) AS lane FROM unnest(actor_uris) AS speaker ORDER BY lane) AS lanes;
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
               LATERAL (SELECT CASE WHEN holder = ANY (workers) AND (
                            SELECT true FROM arrivals other
                             WHERE other.actor_uri = new.actor_uri AND done_at IS NULL AND next_at <= now()
                               AND leased_by IS DISTINCT FROM holder
                             LIMIT 1) IS NULL THEN holder END AS taker) AS taking
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
