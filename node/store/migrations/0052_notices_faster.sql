-- What becomes of a notice is decided in one query; the rules of those who made none are not gone through.
CREATE OR REPLACE FUNCTION notice_fate(told bigint, notice text, teller bigint, about bigint) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    known record;
    fates text[] := '{}';
    follows_back boolean;
BEGIN
    IF teller IS NULL OR (teller = told AND notice <> 'poll') THEN
        RETURN 'accept';
    END IF;
    SELECT sender.suspended_at IS NOT NULL OR sender.deleted_at IS NOT NULL OR sender.host_suspended
               OR EXISTS (SELECT FROM blocks WHERE blocker_id = told AND blocked_id = teller)
               OR EXISTS (SELECT FROM mutes
                           WHERE actor_id = told AND muted_id = teller AND notifications
                             AND (ends_at IS NULL OR ends_at > now()))
               OR EXISTS (SELECT FROM muted_threads t WHERE t.actor_id = told AND t.context = post.context)
               OR EXISTS (SELECT FROM blocked_domains d
                           WHERE d.actor_id = told AND host_within(sender.host, d.domain)
                             AND NOT EXISTS (SELECT FROM follows
                                              WHERE follower_id = told AND followed_id = teller
                                                AND state = 'accepted')) AS hushed,
           EXISTS (SELECT FROM notification_permissions p WHERE p.actor_id = told AND p.from_id = teller) AS permitted,
           (SELECT p.rules FROM notification_policies p WHERE p.actor_id = told) AS rules,
           sender.limited_at IS NOT NULL OR sender.host_limited AS limited,
           sender.bot OR sender.kind IN ('Service', 'Application') AS automatic,
           coalesce(sender.published_at, sender.created_at) > now() - interval '30 days' AS is_new,
           sender.local, post.id AS post_id, post.audience, post.context, post.in_reply_to_id
      INTO known
      FROM actors sender LEFT JOIN posts post ON post.id = about
     WHERE sender.id = teller;
    IF known.hushed THEN
        RETURN 'drop';
    END IF;
    IF notice NOT IN ('mention', 'reply', 'like', 'boost', 'follow', 'follow_request', 'quote') OR known.permitted
       OR (known.rules IS NULL AND NOT known.limited AND known.audience IS DISTINCT FROM 'direct') THEN
        RETURN 'accept';
    END IF;
    IF NOT EXISTS (SELECT FROM follows
                    WHERE followed_id = told AND follower_id = teller AND state = 'accepted'
                      AND coalesce(accepted_at, created_at) < now() - interval '3 days') THEN
        fates := fates || coalesce(known.rules ->> 'for_not_followers', 'accept');
    END IF;
    IF known.automatic THEN
        fates := fates || coalesce(known.rules ->> 'for_bots', 'accept');
    END IF;
    follows_back := EXISTS (SELECT FROM follows
                             WHERE follower_id = told AND followed_id = teller AND state = 'accepted');
    IF NOT follows_back THEN
        fates := fates || coalesce(known.rules ->> 'for_not_following', 'accept');
        IF known.is_new THEN
            fates := fates || coalesce(known.rules ->> 'for_new_accounts', 'accept');
        END IF;
        IF known.limited THEN
            fates := fates || coalesce(known.rules ->> 'for_limited_accounts', 'filter');
        END IF;
        -- Members of one hub know each other: their messages are only held back by those who said so.
        IF known.audience = 'direct' AND notice IN ('mention', 'reply') AND NOT EXISTS (
            SELECT FROM posts mine JOIN mentions m ON m.post_id = mine.id AND m.actor_id = teller
             WHERE mine.actor_id = told AND mine.id < known.post_id
               AND (mine.id = known.in_reply_to_id OR mine.context = known.context)) THEN
            fates := fates || coalesce(known.rules ->> 'for_private_mentions',
                                       CASE WHEN known.local THEN 'accept' ELSE 'filter' END);
        END IF;
    END IF;
    RETURN CASE WHEN 'drop' = ANY (fates) THEN 'drop' WHEN 'filter' = ANY (fates) THEN 'filter' ELSE 'accept' END;
END
$$;
