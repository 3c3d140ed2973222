-- What a hub does not use, which then is in no list; and everybody who has an account stands in the register of members.

ALTER TABLE hub ADD COLUMN modules_off text[] NOT NULL DEFAULT '{}';

INSERT INTO members (name, email, since, account_id)
SELECT a.display_name, c.email, c.created_at::date, c.id
  FROM accounts c
  JOIN actors a ON a.id = c.actor_id AND a.deleted_at IS NULL
 WHERE NOT EXISTS (SELECT FROM members m WHERE m.account_id = c.id)
   AND NOT EXISTS (SELECT FROM members m WHERE m.account_id IS NULL AND m.email = c.email);

-- Whether things of this kind belong to something that the hub does not use.
CREATE FUNCTION switched_off(kind text) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN kind IN ('call', 'finding') AND EXISTS (SELECT FROM hub WHERE switched_off.kind || 's' = ANY (modules_off));
END
$$;

CREATE OR REPLACE FUNCTION in_lists(post posts, viewer bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    IF post.audience IN ('unlisted', 'direct') OR post.rsvp_for_id IS NOT NULL OR NOT may_see(post, viewer) THEN
        RETURN false;
    END IF;
    IF post.kind IN ('call', 'finding') AND switched_off(post.kind) THEN
        RETURN false;
    END IF;
    IF viewer IS NOT NULL AND EXISTS (
        SELECT FROM blocks WHERE blocker_id = viewer AND blocked_id = post.actor_id) THEN
        RETURN false;
    END IF;
    IF EXISTS (
        SELECT FROM actors author
         WHERE author.id = post.actor_id AND author.id IS DISTINCT FROM viewer
           AND (author.limited_at IS NOT NULL OR author.host_limited)) THEN
        RETURN EXISTS (
            SELECT FROM follows WHERE followed_id = post.actor_id AND follower_id = viewer AND state = 'accepted');
    END IF;
    RETURN true;
END
$$;
