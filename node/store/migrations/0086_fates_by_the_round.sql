-- What becomes of a notice, for most without a call: where nobody said anything about whom they do not want to hear,
-- nor holds notices back, and the sender is not limited, it is shown. This stands in the statement that asks, and is
-- begun once for all its rows; `notice_fate` is begun for each row. LIMIT: asked one by one, each by its index. OFFSET:
-- once, however often the statement names the answer.
CREATE FUNCTION notice_fates(told bigint, notice text, teller bigint, about bigint) RETURNS SETOF text
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE
               WHEN (SELECT suspended_at IS NULL AND deleted_at IS NULL AND NOT host_suspended
                            AND limited_at IS NULL AND NOT host_limited
                       FROM actors WHERE id = teller)
                AND (SELECT true FROM blocks WHERE blocker_id = told AND blocked_id = teller LIMIT 1) IS NULL
                AND (SELECT true FROM mutes WHERE actor_id = told AND muted_id = teller LIMIT 1) IS NULL
                AND (SELECT true FROM muted_threads WHERE actor_id = told LIMIT 1) IS NULL
                AND (SELECT true FROM blocked_domains WHERE actor_id = told LIMIT 1) IS NULL
                AND (SELECT true FROM notification_policies WHERE actor_id = told LIMIT 1) IS NULL
                AND (SELECT audience FROM posts WHERE id = about) IS DISTINCT FROM 'direct'
               THEN 'accept'
               ELSE notice_fate(told, notice, teller, about)
           END
    OFFSET 0
$$;
