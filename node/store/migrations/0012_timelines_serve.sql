-- What timelines of clients are read with: which posts come to somebody's home or list, and tags by their posts.

CREATE INDEX reactions_actor ON reactions (actor_id, id DESC) WHERE kind = 'like';
CREATE INDEX posts_local ON posts (id DESC)
    WHERE local AND deleted_at IS NULL AND kind <> 'boost' AND audience IN ('public', 'hub');
CREATE INDEX posts_pictured ON posts (id DESC)
    WHERE json_array_length(attachments) > 0 AND audience = 'public' AND deleted_at IS NULL;
CREATE INDEX posts_direct ON posts (actor_id, id DESC) WHERE audience = 'direct' AND deleted_at IS NULL;
CREATE INDEX actors_called ON actors USING gin (lower(name || ' ' || display_name) gin_trgm_ops);

-- Tags of public posts only: what is said among few is not found by its tags.

CREATE TABLE post_tags (
    tag text COLLATE "C" NOT NULL,
    post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    actor_id bigint NOT NULL,
    PRIMARY KEY (tag, post_id)
);
CREATE INDEX post_tags_post ON post_tags (post_id);
CREATE INDEX post_tags_actor ON post_tags (actor_id, tag);

INSERT INTO post_tags (tag, post_id, actor_id)
SELECT DISTINCT tag, id, actor_id
  FROM posts, unnest(tags) AS tag
 WHERE deleted_at IS NULL AND audience = 'public' AND kind <> 'boost' AND rsvp_for_id IS NULL;

CREATE FUNCTION note_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM post_tags WHERE post_id = NEW.id AND tag <> ALL (NEW.tags);
    END IF;
    IF NEW.deleted_at IS NULL AND NEW.audience = 'public' AND NEW.kind <> 'boost' AND NEW.rsvp_for_id IS NULL THEN
        INSERT INTO post_tags (tag, post_id, actor_id) SELECT DISTINCT tag, NEW.id, NEW.actor_id FROM unnest(NEW.tags) AS tag
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_tags AFTER INSERT ON posts FOR EACH ROW WHEN (NEW.tags <> '{}') EXECUTE FUNCTION note_tags();
CREATE TRIGGER note_other_tags AFTER UPDATE OF tags ON posts FOR EACH ROW
    WHEN (OLD.tags <> NEW.tags) EXECUTE FUNCTION note_tags();

-- Lists hold whom one follows: whoever is no longer followed is in none of them.

CREATE FUNCTION leave_lists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM list_members
     WHERE member_id = OLD.followed_id AND list_id IN (SELECT id FROM lists WHERE actor_id = OLD.follower_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER leave_lists AFTER DELETE ON follows FOR EACH ROW EXECUTE FUNCTION leave_lists();

-- Whether a viewer wants nothing of somebody in lists, or is not wanted by them: muted, blocked, of a blocked server.

CREATE FUNCTION keeps_out(viewer bigint, other bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN viewer IS NOT NULL AND viewer <> other AND (
        EXISTS (SELECT FROM mutes
                 WHERE actor_id = viewer AND muted_id = other AND (ends_at IS NULL OR ends_at > now()))
        OR EXISTS (SELECT FROM blocks WHERE blocker_id = viewer AND blocked_id = other)
        OR EXISTS (SELECT FROM blocks WHERE blocker_id = other AND blocked_id = viewer)
        OR EXISTS (SELECT FROM blocked_domains d JOIN actors a ON a.id = other
                    WHERE d.actor_id = viewer AND NOT a.local AND host_within(a.host, d.domain)));
END
$$;

-- Whether posts (or boosts) of an author come to a viewer's home, or into one of the viewer's lists, because the author
-- is followed. Whoever is in an exclusive list comes to that list only.

CREATE FUNCTION brings(author bigint, viewer bigint, list bigint, boost boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF list IS NOT NULL AND NOT EXISTS (SELECT FROM list_members WHERE list_id = list AND member_id = author) THEN
        RETURN false;
    END IF;
    RETURN author = viewer OR (
        EXISTS (SELECT FROM follows
                 WHERE follower_id = viewer AND followed_id = author AND state = 'accepted' AND (boosts OR NOT boost))
        AND (list IS NOT NULL OR NOT EXISTS (
                SELECT FROM list_members m JOIN lists l ON l.id = m.list_id
                 WHERE m.member_id = author AND l.actor_id = viewer AND l.exclusive))
        AND NOT keeps_out(viewer, author));
END
$$;

-- Whether an answer stands there: to oneself, to the viewer, or to somebody the viewer follows; in a list as it says.

CREATE FUNCTION answers_home(post posts, viewer bigint, list bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    asked bigint;
    policy text;
BEGIN
    IF post.in_reply_to IS NULL OR post.kind <> 'post' THEN
        RETURN true;
    END IF;
    SELECT actor_id INTO asked FROM posts WHERE id = post.in_reply_to_id;
    IF asked IS NULL OR asked IN (viewer, post.actor_id) THEN
        RETURN asked IS NOT NULL;
    END IF;
    SELECT replies_policy INTO policy FROM lists WHERE id = list;
    RETURN EXISTS (SELECT FROM follows WHERE follower_id = viewer AND followed_id = asked AND state = 'accepted')
       AND (policy IS NULL OR policy = 'followed'
            OR policy = 'list' AND EXISTS (SELECT FROM list_members WHERE list_id = list AND member_id = asked));
END
$$;

-- Whether a post is in one of the languages that a follow wants.

CREATE FUNCTION speaks(post posts, wanted text[]) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF wanted IS NULL OR post.language IS NULL OR split_part(post.language, '-', 1) = ANY (wanted) THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM json_array_elements(post.versions) AS one
                    WHERE split_part(one ->> 'language', '-', 1) = ANY (wanted));
END
$$;

-- Whether a post stands in a viewer's home (`list` null) or in one of the viewer's lists. The same whatever the page:
-- a boost stays out where the original, or an earlier boost of it that may come there, is at most a week older.
-- It is asked for each candidate of each page, so what most posts need no look-up for is asked first.

CREATE FUNCTION comes_home(post posts, viewer bigint, list bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 AS $$
DECLARE
    week CONSTANT bigint := (7 * 86400000)::bigint << 20;
    own CONSTANT boolean := post.actor_id = viewer;
    spoken bigint := post.id;
    speaker bigint := post.actor_id;
    original posts;
    boosts_wanted boolean;
    languages_wanted text[];
    followed boolean;
BEGIN
    IF post.rsvp_for_id IS NOT NULL OR NOT may_see(post, viewer) THEN
        RETURN false;
    END IF;
    IF own AND post.boost_of_id IS NULL THEN
        RETURN list IS NULL OR EXISTS (SELECT FROM list_members WHERE list_id = list AND member_id = viewer);
    END IF;
    IF post.boost_of_id IS NOT NULL THEN
        SELECT * INTO original FROM posts WHERE id = post.boost_of_id;
        spoken := original.id;
        speaker := original.actor_id;
        IF original.rsvp_for_id IS NOT NULL OR keeps_out(viewer, post.actor_id) THEN
            RETURN false;
        END IF;
    END IF;
    IF keeps_out(viewer, speaker)
        OR EXISTS (SELECT FROM mentions JOIN blocks ON blocker_id = viewer AND blocked_id = actor_id
                    WHERE post_id = spoken)
        OR EXISTS (SELECT FROM mentions m JOIN mutes ON mutes.actor_id = viewer AND muted_id = m.actor_id
                    WHERE m.post_id = spoken AND (ends_at IS NULL OR ends_at > now())) THEN
        RETURN false;
    END IF;
    SELECT boosts, languages INTO boosts_wanted, languages_wanted
      FROM follows WHERE follower_id = viewer AND followed_id = post.actor_id AND state = 'accepted';
    followed := own OR FOUND;
    IF list IS NOT NULL THEN
        followed := followed AND EXISTS (SELECT FROM list_members WHERE list_id = list AND member_id = post.actor_id);
    ELSIF followed AND NOT own THEN
        followed := NOT EXISTS (SELECT FROM list_members m JOIN lists l ON l.id = m.list_id
                                 WHERE m.member_id = post.actor_id AND l.actor_id = viewer AND l.exclusive);
    END IF;
    IF post.boost_of_id IS NULL THEN
        IF followed AND speaks(post, languages_wanted)
            AND (post.in_reply_to IS NULL OR answers_home(post, viewer, list)) THEN
            RETURN true;
        END IF;
        IF list IS NOT NULL OR post.audience <> 'public' OR post.tags = '{}' THEN
            RETURN false;
        END IF;
        RETURN in_lists(post, viewer) AND EXISTS (
            SELECT FROM followed_tags t WHERE t.actor_id = viewer AND t.tag = ANY (post.tags));
    END IF;
    IF NOT followed OR NOT (own OR boosts_wanted) OR NOT speaks(original, languages_wanted)
        OR (original.id BETWEEN post.id - week AND post.id AND comes_home(original, viewer, list)) THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (SELECT FROM posts earlier
                        WHERE earlier.boost_of_id = original.id AND earlier.id < post.id
                          AND earlier.id > post.id - week AND earlier.deleted_at IS NULL
                          AND brings(earlier.actor_id, viewer, list, true));
END
$$;
