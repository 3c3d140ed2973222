-- No more is leased at a time than a worker has room for in memory: of long texts, fewer.
DROP FUNCTION lease_arrivals(integer, integer, bigint, interval);

-- What is due, oldest first, for a worker; its commit does not wait for the disk. The length of a text in bytes is known
-- without reading it.
CREATE FUNCTION lease_arrivals(worker integer, most integer, most_bytes bigint, leasing bigint, lease interval)
    RETURNS SETOF arrivals
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(leasing);
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY
        WITH due AS (
            SELECT id, next_at, octet_length(body) AS bytes FROM arrivals
            WHERE done_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
              AND actor_uri NOT IN (
                  SELECT actor_uri FROM arrivals
                  WHERE done_at IS NULL AND leased_until > now() AND leased_by <> worker)
            ORDER BY next_at, id
            LIMIT most
            FOR UPDATE SKIP LOCKED
        ), fitting AS (
            SELECT id, sum(bytes) OVER (ORDER BY next_at, id) - bytes AS bytes_before FROM due
        )
        UPDATE arrivals SET leased_until = now() + lease, leased_by = worker, attempts = attempts + 1
        FROM fitting
        WHERE arrivals.id = fitting.id AND bytes_before < most_bytes
        RETURNING arrivals.*;
END
$$;
