-- All that a page shows, looked at at once: stamps of the rows that the records of posts are made of, with what they pass
-- on, and what stands beside those records (`store/looks.py` says what comes out). To make a statement ready costs more
-- than to find that its table has nothing. So each table is asked once for all posts, and only if one of them is of a kind
-- that has something there; without `others`, only stamps. What was found of a kind is one row, since each row costs, here
-- and where it is read. Of those that are `unread`, the records come along.
CREATE FUNCTION looks(wanted bigint[], others bigint[], viewer bigint, unread bigint[])
    RETURNS TABLE (part text, numbers bigint[], beside text[], whose bigint[])
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
#variable_conflict use_column
DECLARE
    shown bigint[] := wanted;
    ids bigint[];
    stamps text[];
    authors bigint[];
    passed bigint[];
    contexts text[];
    things bigint[];
    filed bigint[];
    answers bigint[];
    answered bigint[];
    meetings bigint[];
    meant bigint[];
    events bigint[];
    elsewhere bigint[];
    asked bigint[];
    carded bigint[];
    cards bigint[];
    written bigint[];
    named bigint[];
    of_posts bigint[];
    quoting bigint[];
    quotes text[];
    people bigint[];
    everybody bigint[];
    theirs text[];
    threads text[];
    pictured bigint[];
    ours bigint[];
BEGIN
    FOR turn IN 1..2 LOOP
        SELECT array_agg(p.id), array_agg(concat_ws(' ', p.xmin, p.ctid)), array_agg(p.actor_id), array_agg(p.boost_of_id),
               array_agg(p.context), array_agg(p.id) FILTER (WHERE p.kind <> 'post'),
               array_agg(p.id) FILTER (WHERE json_array_length(p.attachments) > 0),
               array_agg(p.id) FILTER (WHERE p.in_reply_to_id IS NOT NULL),
               array_agg(p.in_reply_to_id) FILTER (WHERE p.in_reply_to_id IS NOT NULL),
               array_agg(p.id) FILTER (WHERE p.kind = 'event' OR p.rsvp_for_id IS NOT NULL),
               array_agg(coalesce(p.rsvp_for_id, p.id)) FILTER (WHERE p.kind = 'event' OR p.rsvp_for_id IS NOT NULL),
               array_agg(p.id) FILTER (WHERE p.kind = 'event'),
               array_agg(p.id) FILTER (WHERE p.kind = 'event' AND NOT p.local),
               array_agg(p.id) FILTER (WHERE p.kind = 'event' OR p.poll IS NOT NULL),
               array_agg(p.id) FILTER (WHERE p.card_id IS NOT NULL),
               array_agg(p.card_id) FILTER (WHERE p.card_id IS NOT NULL),
               array_agg(p.id) FILTER (WHERE p.app_id IS NOT NULL)
          INTO ids, stamps, authors, passed, contexts, things, filed, answers, answered, meetings, meant, events, elsewhere,
               asked, carded, cards, written
          FROM posts p WHERE p.id = ANY (shown);
        EXIT WHEN coalesce(array_remove(passed, NULL) <@ shown, true);
        shown := shown || array_remove(passed, NULL);
    END LOOP;
    people := authors || others;
    SELECT array_agg(m.post_id), array_agg(m.actor_id) INTO of_posts, named
      FROM mentions m WHERE m.post_id = ANY (ids) AND NOT m.silent;
    SELECT array_agg(a.id), array_agg(concat_ws(' ', a.xmin, a.ctid)),
           array_agg(a.id) FILTER (WHERE a.local AND a.id = ANY (people)),
           array_agg(a.id) FILTER (WHERE (a.icon_id IS NOT NULL OR a.banner_id IS NOT NULL) AND a.id = ANY (people))
      INTO everybody, theirs, ours, pictured
      FROM actors a WHERE a.id = ANY (people || named);
    SELECT array_agg(q.post_id), array_agg(concat_ws(' ', q.xmin, q.ctid)) INTO quoting, quotes
      FROM quotes q WHERE q.post_id = ANY (ids);
    RETURN QUERY
        SELECT 'actor', everybody, theirs, NULL::bigint[] WHERE everybody IS NOT NULL
         UNION ALL
        SELECT 'post', ids, stamps, authors WHERE ids IS NOT NULL
         UNION ALL
        SELECT 'passed_on', ids, NULL, passed WHERE ids IS NOT NULL
         UNION ALL
        SELECT 'named', of_posts, NULL, named WHERE named IS NOT NULL
         UNION ALL
        SELECT 'quotes', quoting, quotes, NULL WHERE quoting IS NOT NULL;
    IF filed IS NOT NULL THEN
        RETURN QUERY
            SELECT 'medium', array_agg(p.id), array_agg(concat_ws(' ', x.xmin, x.ctid)), NULL::bigint[]
              FROM posts p, json_array_elements(p.attachments) AS said
              JOIN media x ON x.id = (said ->> 'media_id')::bigint
             WHERE p.id = ANY (filed) HAVING count(*) > 0;
    END IF;
    IF things IS NOT NULL THEN
        RETURN QUERY
            SELECT 'tells', array_agg(e.post_id), array_agg(concat_ws(' ', e.xmin, e.ctid, l.xmin, l.ctid)), NULL::bigint[]
              FROM events e LEFT JOIN places l ON l.id = e.place_id WHERE e.post_id = ANY (things) HAVING count(*) > 0
             UNION ALL
            SELECT 'tells', array_agg(f.post_id), array_agg(concat_ws(' ', f.xmin, f.ctid)), NULL
              FROM findings f WHERE f.post_id = ANY (things) HAVING count(*) > 0
             UNION ALL
            SELECT 'tells', array_agg(c.post_id), array_agg(concat_ws(' ', c.xmin, c.ctid, l.xmin, l.ctid)), NULL
              FROM calls c LEFT JOIN places l ON l.id = c.place_id WHERE c.post_id = ANY (things) HAVING count(*) > 0
             UNION ALL
            SELECT 'from', array_agg(o.post_id), array_agg(concat_ws(' ', o.xmin, o.ctid)), NULL
              FROM origins o WHERE o.post_id = ANY (things) HAVING count(*) > 0;
    END IF;
    IF unread <> '{}' THEN
        RETURN QUERY SELECT 'record', array_agg(r.id), array_agg(r.record), NULL::bigint[] FROM records_of(unread) AS r;
    END IF;
    IF others IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT 'counts', array_agg(c.actor_id),
               array_agg('{"posts":' || c.posts || ',"followers":' || c.followers || ',"following":' || c.following
                         || ',"last_post_on":' || coalesce('"' || c.last_post_on || '"', 'null') || '}'), NULL::bigint[]
          FROM actor_counts c WHERE c.actor_id = ANY (people) HAVING count(*) > 0
         UNION ALL
        SELECT 'filters', NULL, NULL, NULL
         WHERE EXISTS (SELECT FROM filters WHERE actor_id = viewer AND (ends_at IS NULL OR ends_at > now()))
         UNION ALL
        SELECT 'edited_at', array_agg(e.post_id), array_agg(to_json(e.edited_at)::text), NULL
          FROM (SELECT post_id, max(edited_at) AS edited_at FROM edits WHERE post_id = ANY (ids) GROUP BY post_id) AS e
        HAVING count(*) > 0
         UNION ALL
        SELECT 'quotes_count', array_agg(q.quoted_id), array_agg(q.count::text), NULL
          FROM (SELECT quoted_id, count(*) FROM quotes
                 WHERE quoted_id = ANY (ids) AND state = 'accepted' GROUP BY quoted_id) AS q
        HAVING count(*) > 0;
    IF ours IS NOT NULL THEN
        RETURN QUERY
            SELECT 'shows', array_agg(a.actor_id), array_agg(a.preferences::text), NULL::bigint[]
              FROM accounts a WHERE a.actor_id = ANY (ours) HAVING count(*) > 0
             UNION ALL
            SELECT 'offices', array_agg(held.actor_id), array_agg(held.roles), NULL
              FROM (SELECT a.actor_id, json_agg(DISTINCT m.role)::text AS roles
                      FROM accounts a JOIN mandates m ON m.account_id = a.id
                     WHERE a.actor_id = ANY (ours) AND m.role <> 'member'
                       AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
                     GROUP BY a.actor_id) AS held
            HAVING count(*) > 0;
    END IF;
    IF pictured IS NOT NULL THEN
        RETURN QUERY
            SELECT 'pictures', array_agg(a.id),
                   array_agg(json_build_object('icon_alt', coalesce(icon.alt, ''),
                                               'banner_alt', coalesce(banner.alt, ''))::text), NULL::bigint[]
              FROM actors a LEFT JOIN media icon ON icon.id = a.icon_id LEFT JOIN media banner ON banner.id = a.banner_id
             WHERE a.id = ANY (pictured);
    END IF;
    IF quoting IS NOT NULL THEN
        RETURN QUERY
            SELECT 'quote', array_agg(q.post_id),
                   array_agg(json_build_object('quote_state', q.state, 'quoted_id', q.quoted_id, 'quoted_gone', EXISTS (
                       SELECT FROM posts d WHERE d.id = q.quoted_id AND d.deleted_at IS NOT NULL))::text), NULL::bigint[]
              FROM quotes q WHERE q.post_id = ANY (quoting);
    END IF;
    IF answers IS NOT NULL THEN
        RETURN QUERY
            SELECT 'answered_actor_id', array_agg(one.id), array_agg(parent.actor_id::text), NULL::bigint[]
              FROM unnest(answers, answered) AS one (id, parent_id) JOIN posts parent ON parent.id = one.parent_id
             WHERE parent.id = ANY (answered) HAVING count(*) > 0;
    END IF;
    IF carded IS NOT NULL THEN
        RETURN QUERY
            SELECT 'card', array_agg(one.id), array_agg(row_to_json(card)::text), NULL::bigint[]
              FROM unnest(carded, cards) AS one (id, card_id),
                   LATERAL (SELECT c.url, c.title, c.description, c.language, c.author_name, c.provider_name,
                                   c.published_at, coalesce(m.preview_path, m.path) AS image, m.width, m.height,
                                   m.blurhash, m.alt
                              FROM cards c
                              LEFT JOIN media m ON m.id = c.media_id AND m.state = 'ready' AND m.path IS NOT NULL
                             WHERE c.id = one.card_id AND c.state = 'ready' LIMIT 1) AS card
            HAVING count(*) > 0;
    END IF;
    IF written IS NOT NULL THEN
        RETURN QUERY
            SELECT 'app', array_agg(p.id),
                   array_agg(json_build_object('app_name', app.name, 'app_website', app.website)::text), NULL::bigint[]
              FROM posts p JOIN apps app ON app.id = p.app_id
             WHERE p.id = ANY (written) AND (p.actor_id = viewer OR NOT EXISTS (
                   SELECT FROM accounts a WHERE a.id = p.written_by AND a.preferences ->> 'show_application' = 'false'))
            HAVING count(*) > 0;
    END IF;
    IF events IS NOT NULL THEN
        RETURN QUERY
            SELECT 'rsvps', array_agg(r.event_id), array_agg(r.counted), NULL::bigint[]
              FROM (SELECT r.event_id, json_object_agg(r.state, r.n ORDER BY r.state)::text AS counted
                      FROM (SELECT event_id, state, count(*) AS n FROM rsvps WHERE event_id = ANY (events)
                             GROUP BY event_id, state) AS r
                     GROUP BY r.event_id) AS r
            HAVING count(*) > 0;
    END IF;
    IF elsewhere IS NOT NULL THEN
        RETURN QUERY
            SELECT 'asked', array_agg(q.rsvp_for_id), array_agg(q.poll::text), NULL::bigint[]
              FROM (SELECT DISTINCT ON (rsvp_for_id) rsvp_for_id, poll FROM posts
                     WHERE rsvp_for_id = ANY (elsewhere) AND poll IS NOT NULL AND deleted_at IS NULL
                     ORDER BY rsvp_for_id, id) AS q
            HAVING count(*) > 0;
    END IF;
    IF viewer IS NULL OR ids IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT 'liked', array_agg(r.post_id), NULL::text[], NULL::bigint[] FROM reactions r
         WHERE r.actor_id = viewer AND r.post_id = ANY (ids) AND r.kind = 'like' HAVING count(*) > 0
         UNION ALL
        SELECT 'boosted', array_agg(b.boost_of_id), NULL, NULL FROM posts b
         WHERE b.actor_id = viewer AND b.boost_of_id = ANY (ids) AND b.deleted_at IS NULL HAVING count(*) > 0
         UNION ALL
        SELECT 'bookmarked', array_agg(k.post_id), NULL, NULL FROM bookmarks k
         WHERE k.actor_id = viewer AND k.post_id = ANY (ids) HAVING count(*) > 0
         UNION ALL
        SELECT 'follows', array_agg(f.followed_id), NULL, NULL FROM follows f
         WHERE f.follower_id = viewer AND f.followed_id = ANY (authors) AND f.state = 'accepted' HAVING count(*) > 0;
    threads := ARRAY(SELECT m.context FROM muted_threads m WHERE m.actor_id = viewer AND m.context = ANY (contexts));
    IF threads <> '{}' THEN
        RETURN QUERY
            SELECT 'thread_muted', array_agg(p.id), NULL::text[], NULL::bigint[]
              FROM unnest(ids, contexts) AS p (id, context) WHERE p.context = ANY (threads);
    END IF;
    IF viewer = ANY (authors) THEN
        RETURN QUERY
            SELECT 'pinned', array_agg(f.post_id), NULL::text[], NULL::bigint[] FROM featured f
             WHERE f.actor_id = viewer AND f.post_id = ANY (ids) HAVING count(*) > 0;
    END IF;
    IF asked IS NOT NULL THEN
        RETURN QUERY
            SELECT 'votes', array_agg(v.post_id), array_agg(v.options), NULL::bigint[]
              FROM (SELECT post_id, json_agg(option ORDER BY option)::text AS options FROM votes
                     WHERE actor_id = viewer AND post_id = ANY (asked) GROUP BY post_id) AS v
            HAVING count(*) > 0;
    END IF;
    IF meetings IS NOT NULL THEN
        RETURN QUERY
            SELECT 'rsvp', array_agg(one.id), array_agg(to_json(r.state)::text), NULL::bigint[]
              FROM unnest(meetings, meant) AS one (id, event_id) JOIN rsvps r ON r.event_id = one.event_id
             WHERE r.event_id = ANY (meant) AND r.actor_id = viewer HAVING count(*) > 0;
    END IF;
END
$$;
