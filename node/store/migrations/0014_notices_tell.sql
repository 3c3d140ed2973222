-- Notices as clients know them: what holds them back, what they are called there, who hears of them at once.

DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, actor_id, kind, from_id, post_id)
    WHERE post_id IS NOT NULL AND kind NOT IN ('rsvp', 'update', 'answer', 'answer_decided', 'quoted_update');
CREATE INDEX notifications_held ON notifications (account_id, actor_id, from_id) WHERE filtered;
DROP INDEX notifications_filtered;

-- Readers go through happenings in the order of transactions.
CREATE INDEX happenings_order ON happenings (transaction_id, id);

-- The token itself is sent along with each push message: that is how an app on a telephone tells its accounts apart.
ALTER TABLE push_subscriptions ADD COLUMN access_token text NOT NULL DEFAULT '';

-- Where nobody says for which of an account's actors, it is for the member.
CREATE FUNCTION address_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT actor_id INTO NEW.actor_id FROM accounts WHERE id = NEW.account_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER address_notice BEFORE INSERT ON notifications FOR EACH ROW
    WHEN (NEW.actor_id IS NULL) EXECUTE FUNCTION address_notice();

-- Who looks after an actor of ours: the member, or for what stands for many all who may publish as the hub.
CREATE FUNCTION accounts_behind(actor bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT accounts.id
      FROM actors
      JOIN accounts ON accounts.disabled_at IS NULL AND (
               accounts.actor_id = actors.id
               OR actors.role_here IN ('hub', 'area', 'group') AND EXISTS (
                   SELECT FROM mandates JOIN roles ON roles.name = mandates.role
                    WHERE mandates.account_id = accounts.id
                      AND 'publish_as_hub' = ANY (roles.permissions)
                      AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())))
     WHERE actors.id = actor AND actors.local
$$;

-- Whether an actor wants to hear nothing at all of another one.
CREATE FUNCTION hushes(told bigint, teller bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM blocks WHERE blocker_id = told AND blocked_id = teller)
        OR EXISTS (SELECT FROM mutes
                    WHERE actor_id = told AND muted_id = teller AND notifications
                      AND (ends_at IS NULL OR ends_at > now()))
        OR EXISTS (SELECT FROM actors one
                    WHERE one.id = teller
                      AND (one.suspended_at IS NOT NULL OR one.deleted_at IS NOT NULL OR one.host_suspended))
        OR EXISTS (SELECT FROM blocked_domains d JOIN actors one ON one.id = teller AND host_within(one.host, d.domain)
                    WHERE d.actor_id = told
                      AND NOT EXISTS (SELECT FROM follows
                                       WHERE follower_id = told AND followed_id = teller AND state = 'accepted'));
END
$$;

-- What the told actor's policy says of one notice: 'accept', 'filter' (kept aside until they decide) or 'drop'.
CREATE FUNCTION notice_fate(told bigint, notice text, teller bigint, about bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    rules json;
    sender actors;
    post posts;
    fates text[] := '{}';
BEGIN
    IF teller IS NULL OR (teller = told AND notice <> 'poll') THEN
        RETURN 'accept';
    END IF;
    SELECT * INTO post FROM posts WHERE id = about;
    IF hushes(told, teller) OR EXISTS (
        SELECT FROM muted_threads WHERE actor_id = told AND context = post.context) THEN
        RETURN 'drop';
    END IF;
    IF notice NOT IN ('mention', 'reply', 'like', 'boost', 'follow', 'follow_request', 'quote')
       OR EXISTS (SELECT FROM notification_permissions WHERE actor_id = told AND from_id = teller) THEN
        RETURN 'accept';
    END IF;
    SELECT * INTO sender FROM actors WHERE id = teller;
    SELECT p.rules INTO rules FROM notification_policies p WHERE p.actor_id = told;
    IF NOT EXISTS (SELECT FROM follows
                    WHERE followed_id = told AND follower_id = teller AND state = 'accepted'
                      AND coalesce(accepted_at, created_at) < now() - interval '3 days') THEN
        fates := fates || coalesce(rules ->> 'for_not_followers', 'accept');
    END IF;
    IF sender.bot OR sender.kind IN ('Service', 'Application') THEN
        fates := fates || coalesce(rules ->> 'for_bots', 'accept');
    END IF;
    IF NOT EXISTS (SELECT FROM follows
                    WHERE follower_id = told AND followed_id = teller AND state = 'accepted') THEN
        fates := fates || coalesce(rules ->> 'for_not_following', 'accept');
        IF coalesce(sender.published_at, sender.created_at) > now() - interval '30 days' THEN
            fates := fates || coalesce(rules ->> 'for_new_accounts', 'accept');
        END IF;
        IF sender.limited_at IS NOT NULL OR sender.host_limited THEN
            fates := fates || coalesce(rules ->> 'for_limited_accounts', 'filter');
        END IF;
        -- Members of one hub know each other: their messages are only held back by those who said so.
        IF post.audience = 'direct' AND notice IN ('mention', 'reply') AND NOT EXISTS (
            SELECT FROM posts mine JOIN mentions m ON m.post_id = mine.id AND m.actor_id = teller
             WHERE mine.actor_id = told AND mine.id < post.id
               AND (mine.id = post.in_reply_to_id OR mine.context = post.context)) THEN
            fates := fates || coalesce(rules ->> 'for_private_mentions',
                                       CASE WHEN sender.local THEN 'accept' ELSE 'filter' END);
        END IF;
    END IF;
    RETURN CASE WHEN 'drop' = ANY (fates) THEN 'drop' WHEN 'filter' = ANY (fates) THEN 'filter' ELSE 'accept' END;
END
$$;

-- `type`: as clients call it; what only we know has a name of ours. `group_key`: the same for what may be shown as one.
-- `shown`: whether the reader may see, and wants to hear of, who and what it is about.
CREATE VIEW notices AS
SELECT n.id, n.account_id, n.actor_id, n.kind, n.from_id, n.post_id, n.detail, n.created_at, n.seen_at, n.filtered,
       CASE n.kind
           WHEN 'reply' THEN 'mention'
           WHEN 'like' THEN 'favourite'
           WHEN 'boost' THEN 'reblog'
           WHEN 'report' THEN 'admin.report'
           WHEN 'answer_decided' THEN 'update'
           WHEN 'rsvp' THEN CASE WHEN n.from_id = (SELECT p.actor_id FROM posts p WHERE p.id = n.post_id)
                                 THEN 'update' ELSE 'allmende.rsvp' END
           WHEN 'mention' THEN n.kind
           WHEN 'follow' THEN n.kind
           WHEN 'follow_request' THEN n.kind
           WHEN 'status' THEN n.kind
           WHEN 'poll' THEN n.kind
           WHEN 'update' THEN n.kind
           WHEN 'quote' THEN n.kind
           WHEN 'quoted_update' THEN n.kind
           ELSE 'allmende.' || n.kind
       END AS type,
       CASE n.kind
           WHEN 'like' THEN 'favourite-' || n.post_id || '-' || floor(extract(epoch FROM n.created_at) / 43200)
           WHEN 'boost' THEN 'reblog-' || n.post_id || '-' || floor(extract(epoch FROM n.created_at) / 43200)
           WHEN 'follow' THEN 'follow-' || floor(extract(epoch FROM n.created_at) / 43200)
           ELSE 'ungrouped-' || n.id
       END AS group_key,
       n.from_id IS NOT NULL
           AND (n.kind = 'report' OR NOT hushes(n.actor_id, n.from_id))
           AND CASE WHEN n.post_id IS NULL
                    THEN n.kind IN ('follow', 'follow_request', 'follow_accepted', 'suggested_hub', 'report')
                    ELSE EXISTS (SELECT FROM posts p WHERE p.id = n.post_id AND may_see(p, n.actor_id)) END
           AND (n.kind <> 'follow_request' OR EXISTS (
                   SELECT FROM follows f
                    WHERE f.follower_id = n.from_id AND f.followed_id = n.actor_id AND f.state = 'pending')) AS shown
  FROM notifications n;

-- Streams hear of each notice that is not held back, and so does each push service an app of its reader has named.
CREATE FUNCTION tell_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO happenings (kind, subject_id)
    SELECT 'notification.new', id FROM told WHERE NOT filtered ORDER BY id;
    INSERT INTO jobs (kind, arguments, once, host)
    SELECT 'push_notice', json_build_object('notice_id', told.id, 'subscription_id', s.id),
           'push ' || told.id || ' ' || s.id, lower(split_part(split_part(s.endpoint, '/', 3), ':', 1))
      FROM told
      JOIN tokens t ON t.account_id = told.account_id AND t.revoked_at IS NULL
      JOIN accounts a ON a.id = told.account_id
      JOIN push_subscriptions s ON s.token_id = t.id
     WHERE NOT told.filtered AND coalesce(t.acting_actor_id, a.actor_id) = told.actor_id
    ON CONFLICT (once) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_notices AFTER INSERT ON notifications
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_notices();

UPDATE notifications SET actor_id = accounts.actor_id
  FROM accounts
 WHERE accounts.id = notifications.account_id AND notifications.actor_id IS NULL;
