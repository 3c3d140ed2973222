-- The records of a page of posts in one statement that is planned once per connection, instead of four per post. The
-- posts are looked up one by one (LIMIT), whatever the size of the table was when the statement was planned. Who is
-- named comes in the order of an index: an aggregate that sorts costs three times as much.
CREATE FUNCTION records_of(ids bigint[]) RETURNS TABLE (id bigint, record text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode = 'force_generic_plan'
    AS $$
BEGIN
    RETURN QUERY
        SELECT p.id, row_to_json(whole)::text
          FROM unnest(ids) AS one (id),
               LATERAL (SELECT * FROM posts WHERE posts.id = one.id LIMIT 1) AS p,
               LATERAL (
                   SELECT p.id, p.uri, p.url, p.kind, p.type, p.local, p.written_by, p.audience, p.group_id,
                          p.recipients, p.in_reply_to, p.in_reply_to_id, p.context, p.boost_of_id, p.language,
                          p.versions, p.sensitive, p.tags, p.area, p.poll, p.quote, p.rsvp_for_id, p.replies_count,
                          p.likes_count, p.boosts_count, p.published_at, p.updated_at, p.received_at, p.deleted_at,
                          (SELECT row_to_json(a) FROM public_actors a WHERE a.id = p.actor_id) AS actor,
                          array_to_json(ARRAY(SELECT row_to_json(a)
                                                FROM mentions m
                                                JOIN public_actors a ON a.id = m.actor_id
                                               WHERE m.post_id = p.id AND NOT m.silent
                                               ORDER BY m.actor_id)) AS mentions,
                          CASE WHEN json_array_length(p.attachments) > 0 THEN shown_attachments(p.attachments)
                               ELSE '[]' END AS attachments,
                          CASE p.kind WHEN 'event' THEN (
                              SELECT e.series FROM events e WHERE e.post_id = p.id) END AS series,
                          CASE p.kind WHEN 'event' THEN event_detail(p.id) END AS event,
                          CASE p.kind WHEN 'finding' THEN finding_detail(p.id) END AS finding,
                          CASE p.kind WHEN 'call' THEN call_detail(p.id) END AS call,
                          p.quote_policy,
                          CASE WHEN p.quote IS NOT NULL THEN (
                              SELECT q.authorization_uri FROM quotes q WHERE q.post_id = p.id AND q.state = 'accepted'
                          ) END AS quote_authorization,
                          (SELECT o.uri FROM origins o WHERE o.post_id = p.id) AS born_of,
                          CASE WHEN p.boost_of_id IS NOT NULL THEN (
                              SELECT post_json(b) FROM posts b WHERE b.id = p.boost_of_id) END AS boost_of) AS whole;
END
$$;

-- As before, but statements for what is not the case (a boost, a viewer) are not begun, and two became one.
CREATE OR REPLACE FUNCTION may_see(post posts, viewer bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    IF post.deleted_at IS NOT NULL THEN
        RETURN false;
    END IF;
    IF EXISTS (
           SELECT FROM actors author
            WHERE author.id = post.actor_id
              AND (author.suspended_at IS NOT NULL OR author.deleted_at IS NOT NULL OR author.host_suspended))
       OR EXISTS (SELECT FROM blocks WHERE blocker_id = post.actor_id AND blocked_id = viewer) THEN
        RETURN false;
    END IF;
    IF post.boost_of_id IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM posts boosted WHERE boosted.id = post.boost_of_id AND may_see(boosted, viewer)) THEN
            RETURN false;
        END IF;
    END IF;
    IF post.audience IN ('public', 'unlisted') THEN
        RETURN true;
    END IF;
    IF viewer IS NULL THEN
        RETURN false;
    END IF;
    IF post.actor_id = viewer THEN
        RETURN true;
    END IF;
    IF post.audience IN ('followers', 'direct') AND EXISTS (
        SELECT FROM mentions WHERE post_id = post.id AND actor_id = viewer AND NOT silent) THEN
        RETURN true;
    END IF;
    IF post.audience = 'followers' THEN
        RETURN EXISTS (
            SELECT FROM follows WHERE followed_id = post.actor_id AND follower_id = viewer AND state = 'accepted');
    END IF;
    IF post.audience = 'hub' THEN
        RETURN EXISTS (SELECT FROM actors me WHERE me.id = viewer AND me.local AND me.role_here IN ('member', 'hub'));
    END IF;
    IF post.audience = 'group' THEN
        RETURN EXISTS (
            SELECT FROM group_members
             WHERE group_id = post.group_id AND actor_id = viewer AND role IN ('coordinator', 'member'));
    END IF;
    RETURN false;
END
$$;
