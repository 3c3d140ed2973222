-- Arrivals are kept and leased in one call, which is a transaction of its own: four ways to the database become one.
-- Its statements see what was committed after the lock was taken; one statement alone would not.
CREATE FUNCTION keep_arrivals(
    onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint,
    worker integer, lease interval
) RETURNS TABLE (new_id bigint, new_once bytea, new_received_at timestamptz, taken boolean)
    LANGUAGE plpgsql
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
               LATERAL (SELECT alone AND NOT EXISTS (
                            SELECT FROM arrivals other
                             WHERE other.actor_uri = new.actor_uri AND done_at IS NULL AND next_at <= now()
                               AND leased_by IS DISTINCT FROM worker) AS free) AS lane
        ON CONFLICT (once) DO NOTHING
        RETURNING id, once, received_at, leased_by IS NOT NULL;
END
$$;
