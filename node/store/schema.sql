-- The sum of the migrations. Written by `make schema`; to change a table, add a migration.

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS cube WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS earthdistance WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

CREATE FUNCTION public.accounts_behind(actor bigint) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN QUERY SELECT a.id FROM accounts a WHERE a.actor_id = actor AND a.disabled_at IS NULL;
    IF EXISTS (SELECT FROM actors one WHERE one.id = actor AND one.role_here IN ('hub', 'area', 'group')) THEN
        RETURN QUERY
            SELECT DISTINCT a.id
              FROM mandates m
              JOIN roles r ON r.name = m.role
              JOIN accounts a ON a.id = m.account_id
             WHERE 'publish_as_hub' = ANY (r.permissions) AND a.disabled_at IS NULL
               AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now());
    END IF;
END
$$;

CREATE FUNCTION public.address_notice() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    SELECT actor_id INTO NEW.actor_id FROM accounts WHERE id = NEW.account_id;
    RETURN NEW;
END
$$;

CREATE TABLE public.posts (
    id bigint NOT NULL,
    uri text NOT NULL,
    url text NOT NULL,
    kind text NOT NULL,
    type text NOT NULL,
    local boolean NOT NULL,
    actor_id bigint NOT NULL,
    written_by bigint,
    audience text NOT NULL,
    group_id bigint,
    recipients text[] DEFAULT '{}'::text[] NOT NULL,
    in_reply_to text,
    in_reply_to_id bigint,
    context text,
    boost_of_id bigint,
    language text,
    versions json DEFAULT '[]'::json NOT NULL,
    sensitive boolean DEFAULT false NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    area text,
    attachments json DEFAULT '[]'::json NOT NULL,
    poll json,
    quote text,
    rsvp_for_id bigint,
    search tsvector,
    replies_count integer DEFAULT 0 NOT NULL,
    likes_count integer DEFAULT 0 NOT NULL,
    boosts_count integer DEFAULT 0 NOT NULL,
    published_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    quote_policy text DEFAULT 'public'::text NOT NULL,
    app_id bigint,
    card_id bigint,
    made_sensitive boolean DEFAULT false NOT NULL,
    CONSTRAINT posts_audience_check CHECK ((audience = ANY (ARRAY['public'::text, 'unlisted'::text, 'followers'::text, 'hub'::text, 'group'::text, 'direct'::text]))),
    CONSTRAINT posts_kind_check CHECK ((kind = ANY (ARRAY['post'::text, 'event'::text, 'finding'::text, 'call'::text, 'boost'::text]))),
    CONSTRAINT posts_quote_policy_check CHECK ((quote_policy = ANY (ARRAY['public'::text, 'followers'::text, 'nobody'::text])))
);

CREATE FUNCTION public.answers_home(post public.posts, viewer bigint, list bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION public.brings(author bigint, viewer bigint, list bigint, boost boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION public.call_detail(call_id bigint) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT c.purpose, c.skills, c.effort, c.effort_hours, c.remote,
                       (SELECT place FROM place_documents WHERE id = c.place_id) AS place,
                       c.zone, c.deadline, c.begins, c.ends, c.places, c.places_taken, c.respond_by, c.contact, c.state,
                       c.intent_uri
                  FROM calls c
                 WHERE c.post_id = call_id) detail);
END
$$;

CREATE FUNCTION public.comes_home(post public.posts, viewer bigint, list bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE COST 10000 PARALLEL SAFE
    AS $$
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

CREATE FUNCTION public.count_follow() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    step integer := (CASE WHEN TG_OP <> 'DELETE' AND NEW.state = 'accepted' THEN 1 ELSE 0 END)
                  - (CASE WHEN TG_OP <> 'INSERT' AND OLD.state = 'accepted' THEN 1 ELSE 0 END);
    said follows := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF step <> 0 THEN
        INSERT INTO actor_counts AS c (actor_id, followers, following)
        SELECT one.id, greatest(one.followers * step, 0), greatest(one.following * step, 0)
          FROM (VALUES (said.followed_id, 1, 0), (said.follower_id, 0, 1)) AS one (id, followers, following)
          JOIN actors ON actors.id = one.id
         ORDER BY one.id
        ON CONFLICT (actor_id) DO UPDATE
           SET followers = greatest(c.followers + CASE WHEN c.actor_id = said.followed_id THEN step ELSE 0 END, 0),
               following = greatest(c.following + CASE WHEN c.actor_id = said.follower_id THEN step ELSE 0 END, 0);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.count_posts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO actor_counts AS c (actor_id, posts, last_post_on)
    SELECT actor_id, count(*), max(published_at)::date
      FROM made WHERE deleted_at IS NULL AND audience <> 'direct'
     GROUP BY actor_id ORDER BY actor_id
    ON CONFLICT (actor_id) DO UPDATE
       SET posts = c.posts + excluded.posts, last_post_on = greatest(c.last_post_on, excluded.last_post_on);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.domain_measure_on(wanted text, domains text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM (SELECT kind, state, ends_at FROM measures
                      WHERE target_kind = 'domain' AND target = ANY (domains) OFFSET 0) found
         WHERE kind = wanted AND state = 'executed' AND (ends_at IS NULL OR ends_at > now()));
END
$$;

CREATE FUNCTION public.domains_above(host text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
DECLARE
    rest text := regexp_replace(host, ':[0-9]+$', '');
    found text[] := ARRAY[rest];
    dot integer := strpos(rest, '.');
BEGIN
    WHILE dot > 0 LOOP
        rest := substr(rest, dot + 1);
        found := found || rest;
        dot := strpos(rest, '.');
    END LOOP;
    RETURN found;
END
$_$;

CREATE FUNCTION public.domain_measure(wanted text, host text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN public.domain_measure_on(wanted, public.domains_above(host));

CREATE FUNCTION public.event_detail(event_id bigint) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT e.starts_at, e.starts_local, e.zone, e.ends_at, e.ends_local, e.previous_start, e.status,
                       (SELECT place FROM place_documents WHERE id = e.place_id) AS place,
                       e.online_url, e.capacity, e.waiting_list, e.join_mode, e.external_url, e.categories,
                       e.organisers, e.uid, e.told_at, e.rrule, e.sequence, e.going
                  FROM events e
                 WHERE e.post_id = event_id) detail);
END
$$;

CREATE FUNCTION public.finding_detail(finding_id bigint) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT f.finding_kind, f.claim, f.reasons, f.scope, f.born_of, f.sources, f.contributors, f.license,
                       f.state, f.corrections, f.retraction, f.retracted_at
                  FROM findings f
                 WHERE f.post_id = finding_id) detail);
END
$$;

CREATE TABLE public.ballots (
    measure_id bigint NOT NULL,
    account_id bigint NOT NULL,
    choice text,
    reason text DEFAULT ''::text NOT NULL,
    cast_at timestamp with time zone,
    CONSTRAINT ballots_choice_check CHECK ((choice = ANY (ARRAY['yes'::text, 'no'::text, 'abstain'::text])))
);

CREATE TABLE public.measures (
    id bigint NOT NULL,
    kind text NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    detail json DEFAULT '{}'::json NOT NULL,
    private_reason text DEFAULT ''::text NOT NULL,
    public_reason text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    stands_alone boolean DEFAULT false NOT NULL,
    proposed_by bigint,
    confirmed_by bigint,
    ended_by bigint,
    proposed_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    executed_at timestamp with time zone,
    review_at timestamp with time zone,
    ends_at timestamp with time zone,
    ended_at timestamp with time zone,
    how text DEFAULT 'second'::text NOT NULL,
    quorum integer,
    closes_at timestamp with time zone,
    lapses_at timestamp with time zone,
    purge_at timestamp with time zone,
    purged_at timestamp with time zone,
    ended_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT measures_ended_why_check CHECK ((ended_why = ANY (ARRAY[''::text, 'lifted'::text, 'withdrawn'::text, 'over'::text, 'lapsed'::text, 'failed'::text, 'expired'::text, 'done'::text]))),
    CONSTRAINT measures_how_check CHECK ((how = ANY (ARRAY['alone'::text, 'second'::text, 'vote'::text]))),
    CONSTRAINT measures_kind_check CHECK ((kind = ANY (ARRAY['warn'::text, 'sensitive'::text, 'limit'::text, 'freeze'::text, 'suspend'::text, 'reject_media'::text, 'reject_reports'::text, 'purge'::text, 'role'::text, 'rules'::text]))),
    CONSTRAINT measures_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'executed'::text, 'ended'::text]))),
    CONSTRAINT measures_target_kind_check CHECK ((target_kind = ANY (ARRAY['actor'::text, 'domain'::text, 'hub'::text])))
);

CREATE FUNCTION public.had_part(measure bigint, account bigint) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN ((EXISTS (SELECT FROM public.measures m WHERE ((m.id = had_part.measure) AND ((had_part.account = m.proposed_by) OR (had_part.account = m.confirmed_by))))) OR (EXISTS (SELECT FROM public.ballots b WHERE ((b.measure_id = had_part.measure) AND (b.account_id = had_part.account) AND (b.choice IS NOT NULL)))));

CREATE FUNCTION public.host_within(host text, domain text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT regexp_replace(host, ':[0-9]+$', '') = domain
        OR right(regexp_replace(host, ':[0-9]+$', ''), length(domain) + 1) = '.' || domain
$_$;

CREATE FUNCTION public.hushes(told bigint, teller bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
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

CREATE FUNCTION public.in_lists(post public.posts, viewer bigint) RETURNS boolean
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

CREATE FUNCTION public.keep_arrivals(onces bytea[], uris text[], types text[], actor_uris text[], hosts text[], bodies text[], leasing bigint, workers integer[], lease interval) RETURNS TABLE(new_id bigint, new_once bytea, new_received_at timestamp with time zone, taken_by integer, comes_after bigint)
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(leasing);
    PERFORM pg_advisory_xact_lock(leasing::integer, lane)
       FROM (SELECT DISTINCT hashtext(speaker) AS lane FROM unnest(actor_uris) AS speaker ORDER BY lane) AS lanes;
    moment := clock_timestamp();  -- now() would pass over what others that began later kept while this waited
    RETURN QUERY
        WITH new AS MATERIALIZED (
            SELECT given.*, latest.id AS after, taker
              FROM unnest(onces, uris, types, actor_uris, hosts, bodies)
                       AS given (once, uri, type, actor_uri, host, body)
              LEFT JOIN LATERAL (
                       SELECT other.id, coalesce(leased_by, 0) AS worker FROM arrivals other
                        WHERE other.actor_uri BETWEEN given.actor_uri AND given.actor_uri AND outcome IS NULL
                          AND next_at <= moment
                        ORDER BY other.actor_uri DESC, other.id DESC LIMIT 1) AS latest ON true,
                   LATERAL (SELECT coalesce(worker, workers[1]) AS holder OFFSET 0) AS lane,
                   LATERAL (SELECT CASE WHEN holder = ANY (workers) THEN holder END AS taker) AS taking
        ), kept AS (
            INSERT INTO arrivals (once, uri, type, actor_uri, host, body, leased_until, leased_by, attempts)
            SELECT once, uri, type, actor_uri, host, body, CASE WHEN taker IS NOT NULL THEN moment + lease END,
                   taker, (taker IS NOT NULL)::integer
              FROM new
            ON CONFLICT (once) DO NOTHING
            RETURNING id, once, received_at, leased_by
        )
        SELECT kept.id, kept.once, kept.received_at, kept.leased_by, new.after FROM kept JOIN new USING (once);
END
$$;

CREATE FUNCTION public.keeps_out(viewer bigint, other bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION public.last_telling(bigint) RETURNS bigint
    LANGUAGE sql STABLE
    AS $_$ SELECT coalesce(max(id), 0) FROM event_tellings WHERE event_id = $1 $_$;

CREATE TABLE public.arrivals (
    id bigint NOT NULL,
    once bytea NOT NULL,
    uri text NOT NULL,
    type text NOT NULL,
    actor_uri text NOT NULL,
    host text NOT NULL,
    body text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_until timestamp with time zone,
    leased_by integer,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    outcome text,
    reason text,
    CONSTRAINT arrivals_once_check CHECK ((octet_length(once) = 32)),
    CONSTRAINT arrivals_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'ignored'::text, 'refused'::text, 'dead'::text])))
);

CREATE FUNCTION public.lease_arrivals(worker integer, most integer, most_bytes bigint, leasing bigint, lease interval) RETURNS SETOF public.arrivals
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
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

CREATE FUNCTION public.leave_lists() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM list_members
     WHERE member_id = OLD.followed_id AND list_id IN (SELECT id FROM lists WHERE actor_id = OLD.follower_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.looks(wanted bigint[], others bigint[], viewer bigint, unread bigint[]) RETURNS TABLE(part text, numbers bigint[], beside text[], whose bigint[])
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
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

CREATE TABLE public.actors (
    id bigint NOT NULL,
    uri text NOT NULL,
    kind text NOT NULL,
    local boolean NOT NULL,
    role_here text,
    name text NOT NULL,
    host text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    display_names json DEFAULT '{}'::json NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    url text NOT NULL,
    inbox text NOT NULL,
    shared_inbox text,
    outbox text,
    followers text,
    following text,
    featured text,
    upcoming text,
    locked boolean DEFAULT false NOT NULL,
    discoverable boolean DEFAULT true NOT NULL,
    indexable boolean DEFAULT false NOT NULL,
    fields json DEFAULT '[]'::json NOT NULL,
    also_known_as text[] DEFAULT '{}'::text[] NOT NULL,
    moved_to text,
    moved_at timestamp with time zone,
    icon_id bigint,
    banner_id bigint,
    icon_url text,
    banner_url text,
    place_id bigint,
    public_key_id text,
    public_key text,
    multikey_id text,
    multikey text,
    private_key text,
    ed25519_private text,
    published_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    fetched_at timestamp with time zone,
    backfilled_at timestamp with time zone,
    suspended_at timestamp with time zone,
    limited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    host_suspended boolean DEFAULT false NOT NULL,
    host_limited boolean DEFAULT false NOT NULL,
    bot boolean DEFAULT false NOT NULL,
    hide_collections boolean DEFAULT false NOT NULL,
    attribution_domains text[] DEFAULT '{}'::text[] NOT NULL,
    sensitized_at timestamp with time zone,
    frozen_at timestamp with time zone,
    suspended_there boolean DEFAULT false NOT NULL,
    CONSTRAINT actors_kind_check CHECK ((kind = ANY (ARRAY['Person'::text, 'Organization'::text, 'Group'::text, 'Service'::text, 'Application'::text]))),
    CONSTRAINT actors_role_here_check CHECK ((role_here = ANY (ARRAY['hub'::text, 'instance'::text, 'member'::text, 'area'::text, 'group'::text, 'log'::text])))
);

CREATE TABLE public.blocks (
    blocker_id bigint NOT NULL,
    blocked_id bigint NOT NULL,
    uri text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    id bigint NOT NULL
);

CREATE TABLE public.follows (
    id bigint NOT NULL,
    follower_id bigint NOT NULL,
    followed_id bigint NOT NULL,
    uri text NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    accepted_at timestamp with time zone,
    boosts boolean DEFAULT true NOT NULL,
    notify boolean DEFAULT false NOT NULL,
    languages text[],
    CONSTRAINT follows_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'accepted'::text])))
);

CREATE FUNCTION public.may_be_listed(one bigint, viewer bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (((one = viewer) IS TRUE) OR ((EXISTS (SELECT FROM public.actors a WHERE ((a.id = may_be_listed.one) AND (a.deleted_at IS NULL) AND (a.suspended_at IS NULL) AND (NOT a.host_suspended) AND (((NOT a.host_limited) AND (a.limited_at IS NULL)) OR (EXISTS (SELECT FROM public.follows f WHERE ((f.follower_id = may_be_listed.viewer) AND (f.followed_id = may_be_listed.one) AND (f.state = 'accepted'::text)))))))) AND (NOT (EXISTS (SELECT FROM public.blocks b WHERE ((b.blocker_id = may_be_listed.one) AND (b.blocked_id = may_be_listed.viewer))))) AND (NOT (EXISTS (SELECT FROM public.blocks b WHERE ((b.blocker_id = may_be_listed.viewer) AND (b.blocked_id = may_be_listed.one)))))));

CREATE FUNCTION public.may_read(audience text, owner bigint, viewer bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((audience = 'public'::text) OR ((viewer IS NOT NULL) AND ((owner = viewer) OR ((NOT (EXISTS (SELECT FROM public.blocks b WHERE ((b.blocker_id = may_read.owner) AND (b.blocked_id = may_read.viewer))))) AND CASE audience WHEN 'hub'::text THEN (EXISTS (SELECT FROM public.actors a WHERE ((a.id = may_read.viewer) AND a.local AND (a.role_here = ANY (ARRAY['member'::text, 'hub'::text]))))) WHEN 'followers'::text THEN (EXISTS (SELECT FROM public.follows f WHERE ((f.follower_id = may_read.viewer) AND (f.followed_id = may_read.owner) AND (f.state = 'accepted'::text)))) ELSE false END))));

CREATE FUNCTION public.may_see(post public.posts, viewer bigint) RETURNS boolean
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

CREATE FUNCTION public.note_beside() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, wide) VALUES (pg_current_xact_id(), false) ON CONFLICT DO NOTHING;
    PERFORM set_config('allmende.noted_beside', 'yes', true);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid) VALUES (pg_current_xact_id()) ON CONFLICT (xid) DO UPDATE SET wide = true;
    PERFORM set_config('allmende.noted', 'yes', true);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_change_of_people() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, people) VALUES (pg_current_xact_id(), true)
        ON CONFLICT (xid) DO UPDATE SET people = true, wide = true;
    PERFORM set_config('allmende.noted', 'yes', true), set_config('allmende.noted_people', 'yes', true);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_counted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, counted)
    SELECT pg_current_xact_id(), false, array_agg(actor_id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET counted = c.counted || excluded.counted;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_liked() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts)
    SELECT pg_current_xact_id(), false, array_agg(DISTINCT post_id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_media() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts, counted)
    SELECT pg_current_xact_id(), false,
           ARRAY(SELECT p.post_id FROM written JOIN post_media p ON p.media_id = written.id),
           ARRAY(SELECT a.id FROM written JOIN actors a ON a.icon_id = written.id
                  UNION SELECT a.id FROM written JOIN actors a ON a.banner_id = written.id)
     WHERE EXISTS (SELECT FROM written)
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts, counted = c.counted || excluded.counted;
    IF EXISTS (SELECT FROM written JOIN cards ON cards.media_id = written.id) THEN
        INSERT INTO changes (xid) VALUES (pg_current_xact_id()) ON CONFLICT (xid) DO UPDATE SET wide = true;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_new_people() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, wide, people) VALUES (pg_current_xact_id(), false, true)
        ON CONFLICT (xid) DO UPDATE SET people = true;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_new_posts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, made, posts)
    SELECT pg_current_xact_id(), false, array_agg(id), array_remove(array_agg(boost_of_id) || array_agg(rsvp_for_id), NULL)
      FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET made = c.made || excluded.made, posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_parts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, parts)
    SELECT pg_current_xact_id(), false, array_agg(DISTINCT post_id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET parts = c.parts || excluded.parts;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_posts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts)
    SELECT pg_current_xact_id(), false, array_remove(array_agg(id) || array_agg(rsvp_for_id), NULL)
      FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.note_tags() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.notice_fate(told bigint, notice text, teller bigint, about bigint) RETURNS text
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

CREATE FUNCTION public.notice_fates(told bigint, notice text, teller bigint, about bigint) RETURNS SETOF text
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

CREATE FUNCTION public.notice_groups(after bigint, before bigint, most_groups integer, account bigint, actor bigint, types text[], sender bigint, with_filtered boolean, only_key text, grouped text[], most_notices integer, most_senders integer, forward boolean) RETURNS TABLE(key text, count bigint, newest bigint, oldest bigint, from_ids bigint[])
    LANGUAGE plpgsql STABLE
    AS $$
#variable_conflict use_column
DECLARE
    walk refcursor;
    one record;
    ids bigint[] := '{}';
    senders bigint[] := '{}';
    keys text[] := '{}';
    groups text[] := '{}';
    looked_at integer := 0;
    grows boolean := false;  -- a group of the page may have more notices further on
BEGIN
    IF forward THEN
        OPEN walk FOR
            SELECT n.id, n.from_id, CASE WHEN n.type = ANY (grouped) THEN n.group_key ELSE 'ungrouped-' || n.id END AS key
              FROM notices n
             WHERE n.id > after AND n.id < before AND n.account_id = account AND n.actor_id = actor
               AND n.type = ANY (types) AND (sender IS NULL OR n.from_id = sender) AND (with_filtered OR NOT n.filtered)
               AND (only_key IS NULL OR n.group_key = only_key)
             ORDER BY n.id ASC;
    ELSE
        OPEN walk FOR
            SELECT n.id, n.from_id, CASE WHEN n.type = ANY (grouped) THEN n.group_key ELSE 'ungrouped-' || n.id END AS key
              FROM notices n
             WHERE n.id > after AND n.id < before AND n.account_id = account AND n.actor_id = actor
               AND n.type = ANY (types) AND (sender IS NULL OR n.from_id = sender) AND (with_filtered OR NOT n.filtered)
               AND (only_key IS NULL OR n.group_key = only_key)
             ORDER BY n.id DESC;
    END IF;
    LOOP
        FETCH walk INTO one;
        EXIT WHEN NOT FOUND OR cardinality(ids) >= most_notices
            OR (cardinality(groups) >= most_groups AND (looked_at >= most_notices OR NOT grows));
        looked_at := looked_at + 1;
        CONTINUE WHEN cardinality(groups) >= most_groups AND one.key <> ALL (groups);
        CONTINUE WHEN NOT (SELECT n.shown FROM notices n WHERE n.id = one.id);
        ids := ids || one.id;
        senders := senders || one.from_id;
        keys := keys || one.key;
        IF one.key <> ALL (groups) THEN
            groups := groups || one.key;
            grows := grows OR one.key NOT LIKE 'ungrouped-%';
        END IF;
    END LOOP;
    CLOSE walk;
    RETURN QUERY
        SELECT own.key, count(*), max(own.id), min(own.id),
               (array_agg(own.sender ORDER BY own.id DESC))[1:most_senders]
          FROM unnest(ids, senders, keys) AS own (id, sender, key)
         GROUP BY own.key;
END
$$;

CREATE TABLE public.events (
    post_id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    starts_local timestamp without time zone NOT NULL,
    zone text NOT NULL,
    ends_at timestamp with time zone,
    ends_local timestamp without time zone,
    previous_start timestamp with time zone,
    status text NOT NULL,
    place_id bigint,
    online_url text,
    capacity integer,
    waiting_list boolean DEFAULT true NOT NULL,
    join_mode text DEFAULT 'free'::text NOT NULL,
    external_url text,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    organisers text[] DEFAULT '{}'::text[] NOT NULL,
    series text,
    rrule text,
    sequence integer DEFAULT 0 NOT NULL,
    going integer DEFAULT 0 NOT NULL,
    question_uri text,
    counted_at timestamp with time zone,
    uid text,
    told_at text,
    CONSTRAINT events_capacity_check CHECK ((capacity > 0)),
    CONSTRAINT events_check CHECK (((ends_at IS NULL) OR (ends_at > starts_at))),
    CONSTRAINT events_join_mode_check CHECK ((join_mode = ANY (ARRAY['free'::text, 'restricted'::text, 'invite'::text, 'external'::text, 'none'::text]))),
    CONSTRAINT events_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'tentative'::text, 'postponed'::text, 'moved'::text, 'cancelled'::text]))),
    CONSTRAINT events_uid_check CHECK (((length(uid) >= 1) AND (length(uid) <= 300)))
);

CREATE FUNCTION public.over_at(event public.events) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT coalesce((event).ends_at, (event).starts_at + interval '12 hours')
$$;

CREATE FUNCTION public.post_json(p public.posts) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    mentioned json := '[]';
    attached  json := '[]';
    boosted   json;
    series_is text;
BEGIN
    IF EXISTS (SELECT FROM mentions WHERE post_id = p.id AND NOT silent) THEN
        mentioned := (SELECT json_agg(a ORDER BY a.id)
                        FROM mentions m
                        JOIN public_actors a ON a.id = m.actor_id
                       WHERE m.post_id = p.id AND NOT m.silent);
    END IF;
    IF json_array_length(p.attachments) > 0 THEN
        attached := shown_attachments(p.attachments);
    END IF;
    IF p.boost_of_id IS NOT NULL THEN
        boosted := (SELECT post_json(b) FROM posts b WHERE b.id = p.boost_of_id);
    END IF;
    IF p.kind = 'event' THEN
        series_is := (SELECT series FROM events WHERE post_id = p.id);
    END IF;
    RETURN (
        SELECT row_to_json(whole)
          FROM (SELECT p.id, p.uri, p.url, p.kind, p.type, p.local, p.written_by, p.audience, p.group_id, p.recipients,
                       p.in_reply_to, p.in_reply_to_id, p.context, p.boost_of_id, p.language, p.versions, p.sensitive,
                       p.tags, p.area, p.poll, p.quote, p.rsvp_for_id, p.replies_count, p.likes_count, p.boosts_count,
                       p.published_at, p.updated_at, p.received_at, p.deleted_at,
                       (SELECT row_to_json(a) FROM public_actors a WHERE a.id = p.actor_id) AS actor,
                       mentioned AS mentions, attached AS attachments, series_is AS series,
                       CASE p.kind WHEN 'event' THEN event_detail(p.id) END AS event,
                       CASE p.kind WHEN 'finding' THEN finding_detail(p.id) END AS finding,
                       CASE p.kind WHEN 'call' THEN call_detail(p.id) END AS call,
                       p.quote_policy,
                       CASE WHEN p.quote IS NOT NULL THEN (
                           SELECT authorization_uri FROM quotes WHERE post_id = p.id AND state = 'accepted'
                       ) END AS quote_authorization,
                       (SELECT uri FROM origins WHERE post_id = p.id) AS born_of, boosted AS boost_of) whole);
END
$$;

CREATE FUNCTION public.records_of(ids bigint[]) RETURNS TABLE(id bigint, record text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode TO 'force_generic_plan'
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

CREATE FUNCTION public.search_begin(after bigint, before bigint, OUT oldest bigint, OUT below bigint, OUT width bigint) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    SELECT id INTO oldest FROM posts WHERE id > after ORDER BY id LIMIT 1;
    SELECT id + 1 INTO below FROM posts WHERE id < before ORDER BY id DESC LIMIT 1;
END
$$;

CREATE FUNCTION public.search_index(languages text[], titles text[], bodies text[], tags text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT search_sum(
               setweight(to_tsvector(search_words(language), title), 'A')
               || setweight(to_tsvector(search_words(language), body), 'C'))
           || setweight(to_tsvector('public.words_simple', array_to_string(tags, ' ')), 'B')
      FROM unnest(languages, titles, bodies) AS version (language, title, body)
$$;

CREATE FUNCTION public.search_keys(id bigint, actor_id bigint) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ARRAY[(id >> 40) * 64 + 40, (id >> 44) * 64 + 44, (id >> 48) * 64 + 48, (id >> 52) * 64 + 52,
                 (id >> 56) * 64 + 56, -actor_id]
$$;

CREATE FUNCTION public.search_question(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT websearch_to_tsquery('public.words_simple', words)
        || websearch_to_tsquery('public.words_english', words)
        || websearch_to_tsquery('public.words_german', words)
        || websearch_to_tsquery('public.words_french', words)
$$;

CREATE FUNCTION public.search_step(question tsquery, author bigint, wanted integer, oldest bigint, INOUT below bigint, INOUT width bigint, OUT ids bigint[]) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    AS $$
DECLARE
    -- The width of pieces of which nine are enough.
    bits integer := CASE WHEN width <= 1::bigint << 43 THEN 40 WHEN width <= 1::bigint << 47 THEN 44
                         WHEN width <= 1::bigint << 51 THEN 48 WHEN width <= 1::bigint << 55 THEN 52 ELSE 56 END;
    since bigint := (below - width >> bits) << bits;
    till bigint := below;
    most integer := CASE WHEN width > 1::bigint << 40 THEN 200 + 5 * wanted END;
    found integer;
BEGIN
    IF width IS NULL THEN
        most := 2 * wanted;
        IF author IS NULL THEN
            ids := ARRAY(SELECT p.id
                           FROM (SELECT id, search FROM posts
                                  WHERE id < till AND deleted_at IS NULL
                                  ORDER BY id DESC LIMIT 300) AS p
                          WHERE p.id >= oldest AND (p.search @@ question) IS TRUE ORDER BY p.id DESC LIMIT most);
        ELSE
            ids := ARRAY(SELECT p.id
                           FROM (SELECT id, search FROM posts
                                  WHERE actor_id = author AND id < till AND deleted_at IS NULL
                                  ORDER BY id DESC LIMIT 300) AS p
                          WHERE p.id >= oldest AND (p.search @@ question) IS TRUE ORDER BY p.id DESC LIMIT most);
        END IF;
        IF cardinality(ids) = most THEN
            below := ids[most];
            RETURN;
        END IF;
        IF author IS NULL THEN
            SELECT id INTO since FROM posts WHERE id < till AND deleted_at IS NULL ORDER BY id DESC OFFSET 299 LIMIT 1;
        ELSE
            SELECT id INTO since FROM posts
             WHERE actor_id = author AND id < till AND deleted_at IS NULL
             ORDER BY id DESC OFFSET 299 LIMIT 1;
        END IF;
        since := greatest(since, oldest);
        width := till - since;
        most := NULL;
    ELSIF author IS NOT NULL THEN
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.search @@ question AND search_keys(p.id, p.actor_id) @> ARRAY[-author]
                        AND search_keys(p.id, p.actor_id)
                            && ARRAY(SELECT n * 64 + bits FROM generate_series(since >> bits, till - 1 >> bits) AS n)
                        AND p.id + 0 >= since AND p.id + 0 >= oldest AND p.id + 0 < till
                      LIMIT most);
    ELSIF since <= oldest AND (SELECT id FROM posts ORDER BY id DESC LIMIT 1) < below + width THEN
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.search @@ question AND p.id + 0 >= oldest AND p.id + 0 < till
                      LIMIT most);
    ELSE
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.search @@ question
                        AND search_keys(p.id, p.actor_id)
                            && ARRAY(SELECT n * 64 + bits FROM generate_series(since >> bits, till - 1 >> bits) AS n)
                        AND p.id + 0 >= since AND p.id + 0 >= oldest AND p.id + 0 < till
                      LIMIT most);
    END IF;
    found := cardinality(ids);
    IF found = most THEN
        ids := '{}';
        width := greatest(width >> 4, 1::bigint << 40);
    ELSE
        ids := ARRAY(SELECT id FROM unnest(ids) AS id ORDER BY id DESC);
        below := since;
        width := least(width, 1::bigint << 53) * least(64, greatest(2, (1.5 * wanted / (found + 0.3))::integer));
    END IF;
END
$$;

CREATE FUNCTION public.search_words(language text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE split_part(lower(language), '-', 1)
               WHEN 'en' THEN 'public.words_english'::regconfig
               WHEN 'de' THEN 'public.words_german'::regconfig
               WHEN 'fr' THEN 'public.words_french'::regconfig
               ELSE 'public.words_simple'::regconfig
           END
$$;

CREATE FUNCTION public.shown_attachments(attachments json) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT json_agg(CASE WHEN medium.withheld THEN (said.value::jsonb - 'media_id')::json
                             WHEN medium.id IS NULL THEN said.value ELSE json_build_object(
                   'url', hub.base_url || '/media/' || medium.path,
                   'preview_url', hub.base_url || '/media/' || medium.preview_path,
                   'media_type', medium.media_type,
                   'alt', said.value -> 'alt',
                   'credit', coalesce(said.value ->> 'credit', ''),
                   'license', said.value ->> 'license',
                   'blurhash', medium.blurhash,
                   'width', medium.width,
                   'height', medium.height,
                   'preview_width', medium.preview_width,
                   'preview_height', medium.preview_height,
                   'duration_ms', medium.duration_ms,
                   'focus', said.value -> 'focus',
                   'widths', medium.widths,
                   'avif', medium.avif,
                   'media_id', medium.id) END ORDER BY said.ordinality)
          FROM json_array_elements(attachments) WITH ORDINALITY AS said
          LEFT JOIN (media AS medium JOIN hub ON true)
            ON medium.id = (said.value ->> 'media_id')::bigint AND medium.state = 'ready');
END
$$;

CREATE FUNCTION public.speaks(post public.posts, wanted text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    IF wanted IS NULL OR post.language IS NULL OR split_part(post.language, '-', 1) = ANY (wanted) THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM json_array_elements(post.versions) AS one
                    WHERE split_part(one ->> 'language', '-', 1) = ANY (wanted));
END
$$;

CREATE FUNCTION public.switched_off(kind text) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN kind IN ('call', 'finding') AND EXISTS (SELECT FROM hub WHERE switched_off.kind || 's' = ANY (modules_off));
END
$$;

CREATE FUNCTION public.tell_notices() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.title_letters(versions json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT lower(string_agg((version.value ->> 'name'::text), ' '::text)) AS lower FROM json_array_elements(title_letters.versions) version(value));

CREATE FUNCTION public.uncount_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE actor_counts SET posts = greatest(posts - 1, 0) WHERE actor_id = OLD.actor_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.work_put() RETURNS bigint
    LANGUAGE sql
    AS $$
    SELECT coalesce(pg_sequence_last_value('jobs_id_seq'), 0) + coalesce(pg_sequence_last_value('deliveries_id_seq'), 0)
         + coalesce(pg_sequence_last_value('mails_id_seq'), 0)
$$;

CREATE AGGREGATE public.search_sum(tsvector) (
    SFUNC = tsvector_concat,
    STYPE = tsvector,
    INITCOND = ''
);

CREATE TEXT SEARCH CONFIGURATION public.words_english (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR asciiword WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR word WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR numword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR hword_numpart WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR hword_part WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR hword_asciipart WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR numhword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR asciihword WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR hword WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_english
    ADD MAPPING FOR uint WITH simple;

CREATE TEXT SEARCH CONFIGURATION public.words_french (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR asciiword WITH french_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR word WITH public.unaccent, french_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR numword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR hword_numpart WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR hword_part WITH public.unaccent, french_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR hword_asciipart WITH french_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR numhword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR asciihword WITH french_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR hword WITH public.unaccent, french_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_french
    ADD MAPPING FOR uint WITH simple;

CREATE TEXT SEARCH CONFIGURATION public.words_german (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR asciiword WITH german_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR word WITH public.unaccent, german_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR numword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR hword_numpart WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR hword_part WITH public.unaccent, german_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR hword_asciipart WITH german_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR numhword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR asciihword WITH german_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR hword WITH public.unaccent, german_stem;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_german
    ADD MAPPING FOR uint WITH simple;

CREATE TEXT SEARCH CONFIGURATION public.words_simple (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR asciiword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR word WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR numword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR hword_numpart WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR hword_part WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR hword_asciipart WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR numhword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR asciihword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR hword WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.words_simple
    ADD MAPPING FOR uint WITH simple;

CREATE TABLE public.accounts (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    email public.citext,
    password_hash text,
    language text DEFAULT 'en'::text NOT NULL,
    zone text DEFAULT 'Europe/Brussels'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    disabled_at timestamp with time zone,
    preferences json DEFAULT '{}'::json NOT NULL
);

CREATE TABLE public.activities (
    id bigint NOT NULL,
    uri text NOT NULL,
    type text NOT NULL,
    actor_id bigint NOT NULL,
    post_id bigint,
    object_uri text,
    audience text NOT NULL,
    recipients text[] DEFAULT '{}'::text[] NOT NULL,
    document text NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.actor_counts (
    actor_id bigint NOT NULL,
    posts bigint DEFAULT 0 NOT NULL,
    followers bigint DEFAULT 0 NOT NULL,
    following bigint DEFAULT 0 NOT NULL,
    last_post_on date
);

CREATE TABLE public.actor_notes (
    actor_id bigint NOT NULL,
    about_id bigint NOT NULL,
    text text NOT NULL
);

CREATE TABLE public.alarms (
    kind text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    detail json DEFAULT '{}'::json NOT NULL,
    told_at timestamp with time zone
);

CREATE TABLE public.announcement_reactions (
    announcement_id bigint NOT NULL,
    account_id bigint NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.announcement_reads (
    announcement_id bigint NOT NULL,
    account_id bigint NOT NULL
);

CREATE TABLE public.announcements (
    id bigint NOT NULL,
    versions json DEFAULT '[]'::json NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    all_day boolean DEFAULT false NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    told_at timestamp with time zone
);

ALTER TABLE public.announcements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.announcements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.answer_messages (
    answer_id bigint NOT NULL,
    post_id bigint NOT NULL
);

CREATE TABLE public.answered (
    account_id bigint NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    status integer,
    headers json DEFAULT '{}'::json NOT NULL,
    body text,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.answers (
    id bigint NOT NULL,
    call_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    door text NOT NULL,
    offer_uri text,
    agreement_uri text,
    reply_id bigint,
    content text DEFAULT ''::text NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    hours integer,
    state text NOT NULL,
    answered_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    shortlisted boolean DEFAULT false NOT NULL,
    thanked_at timestamp with time zone,
    CONSTRAINT answers_door_check CHECK ((door = ANY (ARRAY['reply'::text, 'offer'::text, 'web'::text, 'mail'::text]))),
    CONSTRAINT answers_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT answers_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'accepted'::text, 'rejected'::text, 'withdrawn'::text])))
);

ALTER TABLE public.answers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.answers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.appeals (
    id bigint NOT NULL,
    measure_id bigint NOT NULL,
    content text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    granted boolean,
    answer text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.appeals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.appeals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.applications (
    id bigint NOT NULL,
    name public.citext NOT NULL,
    display_name text NOT NULL,
    email public.citext NOT NULL,
    password_hash text,
    language text NOT NULL,
    answers json DEFAULT '[]'::json NOT NULL,
    state text DEFAULT 'confirming'::text NOT NULL,
    doubts text[] DEFAULT '{}'::text[] NOT NULL,
    invitation_id bigint,
    invited_by bigint,
    key_hash bytea,
    expires_at timestamp with time zone NOT NULL,
    app_id bigint,
    token_hash bytea,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    account_id bigint,
    notes text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    decided_at timestamp with time zone,
    decided_by bigint,
    CONSTRAINT applications_state_check CHECK ((state = ANY (ARRAY['confirming'::text, 'waiting'::text, 'accepted'::text, 'declined'::text])))
);

ALTER TABLE public.applications ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.applications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.apps (
    id bigint NOT NULL,
    client_id text NOT NULL,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    website text,
    redirect_uris text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.apps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.apps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.areas (
    name text NOT NULL,
    actor_id bigint NOT NULL,
    labels json DEFAULT '{}'::json NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    retired_at timestamp with time zone,
    merged_into text,
    CONSTRAINT areas_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
);

ALTER TABLE public.arrivals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.arrivals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.attempts (
    subject text NOT NULL,
    who bytea NOT NULL,
    due_at timestamp with time zone NOT NULL
);

CREATE TABLE public.authorization_codes (
    code_hash bytea NOT NULL,
    app_id bigint NOT NULL,
    account_id bigint NOT NULL,
    acting_actor_id bigint NOT NULL,
    redirect_uri text NOT NULL,
    scopes text[] NOT NULL,
    code_challenge text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    token_id bigint
);

CREATE TABLE public.back_ups (
    id bigint NOT NULL,
    file text NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    tested_at timestamp with time zone,
    test_error text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.back_ups ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.back_ups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.blocked_domains (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    domain text NOT NULL
);

ALTER TABLE public.blocked_domains ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.blocked_domains_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.blocks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.blocks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bookmarks (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    post_id bigint NOT NULL
);

ALTER TABLE public.bookmarks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bookmarks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.calendar_keys (
    account_id bigint NOT NULL,
    secret text NOT NULL,
    with_hubs boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.calls (
    post_id bigint NOT NULL,
    purpose text DEFAULT 'request'::text NOT NULL,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    effort text DEFAULT ''::text NOT NULL,
    effort_hours integer,
    remote boolean DEFAULT false NOT NULL,
    place_id bigint,
    zone text DEFAULT 'UTC'::text NOT NULL,
    deadline timestamp with time zone,
    begins timestamp with time zone,
    ends timestamp with time zone,
    places integer,
    places_taken integer DEFAULT 0 NOT NULL,
    respond_by text[] DEFAULT '{reply,offer,web}'::text[] NOT NULL,
    contact text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    intent_uri text,
    renewed_at timestamp with time zone DEFAULT now() NOT NULL,
    reminded_at timestamp with time zone,
    CONSTRAINT calls_places_check CHECK ((places > 0)),
    CONSTRAINT calls_purpose_check CHECK ((purpose = ANY (ARRAY['request'::text, 'offer'::text]))),
    CONSTRAINT calls_state_check CHECK ((state = ANY (ARRAY['open'::text, 'filled'::text, 'closed'::text, 'withdrawn'::text])))
);

CREATE TABLE public.cards (
    id bigint NOT NULL,
    url text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    language text,
    author_name text DEFAULT ''::text NOT NULL,
    provider_name text DEFAULT ''::text NOT NULL,
    published_at timestamp with time zone,
    media_id bigint,
    asked_at timestamp with time zone,
    CONSTRAINT cards_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'ready'::text, 'none'::text])))
);

ALTER TABLE public.cards ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.cards_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.case_links (
    one_id bigint NOT NULL,
    other_id bigint NOT NULL,
    CONSTRAINT case_links_check CHECK ((one_id < other_id))
);

CREATE TABLE public.case_notes (
    id bigint NOT NULL,
    report_id bigint NOT NULL,
    account_id bigint,
    content text NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.case_notes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.case_notes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.case_posts (
    report_id bigint NOT NULL,
    place smallint NOT NULL,
    uri text NOT NULL,
    reported boolean NOT NULL,
    record text NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.case_templates (
    id bigint NOT NULL,
    name text NOT NULL,
    outcome text,
    texts json NOT NULL,
    CONSTRAINT case_templates_outcome_check CHECK ((outcome = ANY (ARRAY['acted'::text, 'no_breach'::text, 'elsewhere'::text])))
);

ALTER TABLE public.case_templates ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.case_templates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.changes (
    xid xid8 NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    people boolean DEFAULT false NOT NULL,
    wide boolean DEFAULT true NOT NULL,
    made bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    parts bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    posts bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    counted bigint[] DEFAULT '{}'::bigint[] NOT NULL
);

CREATE TABLE public.check_ups (
    id bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    begun_at timestamp with time zone,
    done_at timestamp with time zone,
    sections json DEFAULT '[]'::json NOT NULL
);

ALTER TABLE public.check_ups ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.check_ups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.circle_hubs (
    actor_id bigint NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    offer_uri text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    by bigint,
    CONSTRAINT circle_hubs_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'asks'::text, 'member'::text])))
);

CREATE TABLE public.co_hosts (
    event_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    state text NOT NULL,
    CONSTRAINT co_hosts_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'declined'::text, 'named'::text])))
);

CREATE TABLE public.collection_items (
    id bigint NOT NULL,
    collection_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.collections (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    language text,
    sensitive boolean DEFAULT false NOT NULL,
    discoverable boolean DEFAULT true NOT NULL,
    tag text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.contact_messages (
    id bigint NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    language text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    done_by bigint
);

ALTER TABLE public.contact_messages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contact_messages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.conversation_reads (
    actor_id bigint NOT NULL,
    context text NOT NULL,
    read_up_to bigint DEFAULT 0 NOT NULL,
    hidden_up_to bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.decision_rules (
    kind text NOT NULL,
    how text NOT NULL,
    quorum integer DEFAULT 50 NOT NULL,
    days integer DEFAULT 7 NOT NULL,
    CONSTRAINT decision_rules_days_check CHECK (((days >= 1) AND (days <= 60))),
    CONSTRAINT decision_rules_how_check CHECK ((how = ANY (ARRAY['alone'::text, 'second'::text, 'vote'::text]))),
    CONSTRAINT decision_rules_quorum_check CHECK (((quorum >= 1) AND (quorum <= 100)))
);

CREATE TABLE public.deliveries (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    signer_id bigint NOT NULL,
    host text NOT NULL,
    inbox text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_until timestamp with time zone,
    leased_by integer,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    dead_at timestamp with time zone
);

ALTER TABLE public.deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.digests (
    account_id bigint NOT NULL,
    weekday smallint NOT NULL,
    hour smallint NOT NULL,
    next_at timestamp with time zone NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT digests_hour_check CHECK (((hour >= 0) AND (hour <= 23))),
    CONSTRAINT digests_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);

CREATE TABLE public.dismissed_suggestions (
    actor_id bigint NOT NULL,
    suggested_id bigint NOT NULL
);

CREATE TABLE public.domain_lists (
    id bigint NOT NULL,
    name text NOT NULL,
    url text,
    purpose text NOT NULL,
    body bytea,
    media_type text DEFAULT ''::text NOT NULL,
    etag text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    lines integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    skipped integer DEFAULT 0 NOT NULL,
    round integer DEFAULT 0 NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    exclusions text[] DEFAULT '{}'::text[] NOT NULL,
    created_by bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    read_at timestamp with time zone,
    proposed_by bigint,
    proposed_at timestamp with time zone,
    confirmed_by bigint,
    ended_at timestamp with time zone,
    CONSTRAINT domain_lists_purpose_check CHECK ((purpose = ANY (ARRAY['block'::text, 'allow'::text]))),
    CONSTRAINT domain_lists_state_check CHECK ((state = ANY (ARRAY['reading'::text, 'read'::text, 'confirming'::text, 'applying'::text, 'failed'::text])))
);

ALTER TABLE public.domain_lists ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.domain_lists_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts (
    id bigint NOT NULL,
    list_id bigint,
    domain text NOT NULL,
    kind text NOT NULL,
    lifts boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    private_reason text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    round integer DEFAULT 0 NOT NULL,
    measure_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    CONSTRAINT drafts_kind_check CHECK ((kind = ANY (ARRAY['limit'::text, 'suspend'::text, 'reject_media'::text, 'reject_reports'::text, 'allow'::text]))),
    CONSTRAINT drafts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'accepted'::text, 'rejected'::text, 'withdrawn'::text])))
);

ALTER TABLE public.drafts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.drafts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.editors (
    actor_id bigint NOT NULL,
    account_id bigint NOT NULL,
    named_by bigint,
    since timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.edits (
    id bigint NOT NULL,
    post_id bigint NOT NULL,
    edited_by bigint,
    versions json NOT NULL,
    detail json,
    edited_at timestamp with time zone NOT NULL,
    sensitive boolean DEFAULT false NOT NULL,
    attachments json DEFAULT '[]'::json NOT NULL,
    poll json
);

ALTER TABLE public.edits ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.edits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.emojis (
    id bigint NOT NULL,
    shortcode text NOT NULL,
    host text DEFAULT ''::text NOT NULL,
    uri text,
    url text NOT NULL,
    media_id bigint,
    category text,
    visible boolean DEFAULT true NOT NULL,
    disabled_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.emojis ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.emojis_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.endorsements (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    endorsed_id bigint NOT NULL
);

ALTER TABLE public.endorsements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.endorsements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.event_splits (
    one_id bigint NOT NULL,
    other_id bigint NOT NULL,
    split_by bigint,
    split_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_splits_check CHECK ((one_id < other_id))
);

CREATE TABLE public.event_tellings (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    kind text NOT NULL,
    states text[] NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    account_id bigint,
    told_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_tellings_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'cancelled'::text, 'postponed'::text, 'moved'::text, 'changed'::text, 'scheduled'::text])))
);

ALTER TABLE public.event_tellings ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_tellings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exports (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    step integer DEFAULT 0 NOT NULL,
    name text,
    bytes bigint,
    left_out integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ready_at timestamp with time zone,
    CONSTRAINT exports_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'ready'::text, 'failed'::text, 'gone'::text])))
);

ALTER TABLE public.exports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.exports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.featured (
    actor_id bigint NOT NULL,
    post_id bigint NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.featured_tags (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    tag text NOT NULL,
    name text NOT NULL
);

ALTER TABLE public.featured_tags ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.featured_tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.filter_keywords (
    id bigint NOT NULL,
    filter_id bigint NOT NULL,
    keyword text NOT NULL,
    whole_word boolean DEFAULT true NOT NULL
);

ALTER TABLE public.filter_keywords ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.filter_keywords_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.filter_posts (
    id bigint NOT NULL,
    filter_id bigint NOT NULL,
    post_id bigint NOT NULL
);

ALTER TABLE public.filter_posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.filter_posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.filters (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    title text NOT NULL,
    contexts text[] NOT NULL,
    action text DEFAULT 'warn'::text NOT NULL,
    ends_at timestamp with time zone,
    CONSTRAINT filters_action_check CHECK ((action = ANY (ARRAY['warn'::text, 'hide'::text, 'blur'::text])))
);

ALTER TABLE public.filters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.filters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.findings (
    post_id bigint NOT NULL,
    finding_kind text NOT NULL,
    claim text DEFAULT ''::text NOT NULL,
    reasons text[] DEFAULT '{}'::text[] NOT NULL,
    scope text DEFAULT ''::text NOT NULL,
    born_of text,
    born_of_id bigint,
    sources json DEFAULT '[]'::json NOT NULL,
    contributors text[] DEFAULT '{}'::text[] NOT NULL,
    license text,
    state text DEFAULT 'valid'::text NOT NULL,
    corrections json DEFAULT '[]'::json NOT NULL,
    retraction text DEFAULT ''::text NOT NULL,
    retracted_at timestamp with time zone,
    CONSTRAINT findings_state_check CHECK ((state = ANY (ARRAY['valid'::text, 'corrected'::text, 'retracted'::text])))
);

CREATE TABLE public.followed_tags (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    tag text NOT NULL
);

ALTER TABLE public.followed_tags ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.followed_tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.follows ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.follows_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gone (
    uri text NOT NULL,
    actor_uri text CONSTRAINT gone_actor_host_not_null NOT NULL,
    gone_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.group_members (
    group_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    role text DEFAULT 'member'::text NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT group_members_role_check CHECK ((role = ANY (ARRAY['coordinator'::text, 'member'::text, 'invited'::text, 'asked'::text])))
);

CREATE TABLE public.happenings (
    id bigint NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    kind text NOT NULL,
    subject_id bigint,
    detail json DEFAULT '{}'::json NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.happenings ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.happenings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.held (
    id bigint NOT NULL,
    once bytea NOT NULL,
    host text NOT NULL,
    signature text NOT NULL,
    body text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.held ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.held_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.hosts (
    host text NOT NULL,
    software text,
    version text,
    is_hub boolean DEFAULT false NOT NULL,
    scheme text,
    scheme_at timestamp with time zone,
    breaker json,
    open_until timestamp with time zone,
    last_ok_at timestamp with time zone,
    last_error text,
    last_error_at timestamp with time zone,
    nodeinfo_at timestamp with time zone,
    approved_at timestamp with time zone,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    waits_since timestamp with time zone,
    dropped_at timestamp with time zone,
    paused_at timestamp with time zone,
    CONSTRAINT hosts_scheme_check CHECK ((scheme = ANY (ARRAY['draft'::text, 'rfc9421'::text])))
);

CREATE TABLE public.hub (
    only_one boolean DEFAULT true NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    languages text[] DEFAULT '{en,de,fr}'::text[] NOT NULL,
    zone text DEFAULT 'Europe/Brussels'::text NOT NULL,
    contact text DEFAULT ''::text NOT NULL,
    rules json DEFAULT '[]'::json NOT NULL,
    federation_mode text DEFAULT 'open'::text NOT NULL,
    setup_token_hash bytea,
    set_up_at timestamp with time zone,
    secret bytea NOT NULL,
    base_url text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    vapid_private text,
    texts json DEFAULT '{}'::json NOT NULL,
    circle_weight integer DEFAULT 2 NOT NULL,
    look json DEFAULT '{}'::json NOT NULL,
    sign_ups json DEFAULT '{}'::json NOT NULL,
    descriptions json DEFAULT '{}'::json NOT NULL,
    retention json DEFAULT '{}'::json NOT NULL,
    modules_off text[] DEFAULT '{}'::text[] NOT NULL,
    mail json,
    mail_password bytea,
    CONSTRAINT hub_circle_weight_check CHECK (((circle_weight >= 1) AND (circle_weight <= 20))),
    CONSTRAINT hub_federation_mode_check CHECK ((federation_mode = ANY (ARRAY['open'::text, 'ask'::text, 'circle'::text]))),
    CONSTRAINT hub_only_one_check CHECK (only_one)
);

CREATE TABLE public.idempotency_keys (
    actor_id bigint NOT NULL,
    key_hash bytea NOT NULL,
    post_id bigint,
    scheduled_id bigint,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.import_rows (
    import_id bigint NOT NULL,
    "position" integer NOT NULL,
    target text NOT NULL,
    host text NOT NULL,
    options json DEFAULT '{}'::json NOT NULL,
    outcome text,
    CONSTRAINT import_rows_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'known'::text, 'not_found'::text, 'refused'::text, 'unreadable'::text])))
);

CREATE TABLE public.imports (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'preview'::text NOT NULL,
    cut integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT imports_kind_check CHECK ((kind = ANY (ARRAY['follows'::text, 'blocks'::text, 'mutes'::text, 'domain_blocks'::text, 'bookmarks'::text]))),
    CONSTRAINT imports_state_check CHECK ((state = ANY (ARRAY['preview'::text, 'running'::text, 'done'::text])))
);

ALTER TABLE public.imports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.imports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.invitations (
    id bigint NOT NULL,
    code text NOT NULL,
    made_by bigint,
    note text DEFAULT ''::text NOT NULL,
    places integer NOT NULL,
    taken integer DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invitations_check CHECK (((taken >= 0) AND (taken <= places))),
    CONSTRAINT invitations_places_check CHECK (((places >= 1) AND (places <= 1000)))
);

ALTER TABLE public.invitations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.invitations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.jobs (
    id bigint NOT NULL,
    kind text NOT NULL,
    once text,
    host text DEFAULT ''::text NOT NULL,
    arguments json DEFAULT '{}'::json NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_until timestamp with time zone,
    leased_by integer,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    dead_at timestamp with time zone
);

ALTER TABLE public.jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    level text NOT NULL,
    source text NOT NULL,
    words text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.journal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.kept_lines (
    actor_id bigint NOT NULL,
    "position" integer NOT NULL,
    audience text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    source text NOT NULL,
    CONSTRAINT kept_lines_audience_check CHECK ((audience = ANY (ARRAY['followers'::text, 'hub'::text, 'self'::text]))),
    CONSTRAINT kept_lines_position_check CHECK (("position" >= 0))
);

CREATE TABLE public.known_devices (
    account_id bigint NOT NULL,
    device_hash bytea NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.known_hubs (
    actor_id bigint NOT NULL,
    state text NOT NULL,
    seen_via text,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    approved_by bigint,
    read_at timestamp with time zone,
    CONSTRAINT known_hubs_state_check CHECK ((state = ANY (ARRAY['heard'::text, 'refused'::text, 'suggested'::text, 'approved'::text, 'dismissed'::text])))
);

CREATE TABLE public.leavings (
    account_id bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    leaves_at timestamp with time zone NOT NULL
);

CREATE TABLE public.list_members (
    id bigint NOT NULL,
    list_id bigint NOT NULL,
    member_id bigint NOT NULL
);

ALTER TABLE public.list_members ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.list_members_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.lists (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    title text NOT NULL,
    replies_policy text DEFAULT 'list'::text NOT NULL,
    exclusive boolean DEFAULT false NOT NULL,
    CONSTRAINT lists_replies_policy_check CHECK ((replies_policy = ANY (ARRAY['followed'::text, 'list'::text, 'none'::text])))
);

ALTER TABLE public.lists ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.lists_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.log (
    id bigint NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    content text,
    public text,
    salt bytea,
    content_hash bytea NOT NULL,
    link bytea NOT NULL,
    redacted_why text,
    CONSTRAINT log_check CHECK (((content IS NULL) = (salt IS NULL))),
    CONSTRAINT log_content_hash_check CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT log_link_check CHECK ((octet_length(link) = 32))
);

CREATE TABLE public.mail_attachments (
    mail_id bigint NOT NULL,
    "position" integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    content bytea NOT NULL
);

CREATE TABLE public.mail_choices (
    account_id bigint NOT NULL,
    kind text NOT NULL,
    wanted boolean NOT NULL
);

CREATE TABLE public.mail_keys (
    key_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    purpose text NOT NULL,
    email public.citext NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT mail_keys_purpose_check CHECK ((purpose = ANY (ARRAY['confirm'::text, 'reset'::text])))
);

CREATE TABLE public.mails (
    id bigint NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    language text NOT NULL,
    facts json NOT NULL,
    unsubscribe text,
    message_id text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_until timestamp with time zone,
    leased_by integer,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT mails_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'kept'::text, 'refused'::text])))
);

ALTER TABLE public.mails ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mails_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mandates (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    role text NOT NULL,
    starts_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone,
    given_by bigint,
    deputy_id bigint,
    deputy_agreed_at timestamp with time zone,
    handover json DEFAULT '[]'::json NOT NULL,
    interim boolean DEFAULT false NOT NULL,
    reminded_at timestamp with time zone,
    overdue_since timestamp with time zone,
    settled_at timestamp with time zone,
    CONSTRAINT mandates_check CHECK (((ends_at IS NULL) OR (ends_at > starts_at)))
);

ALTER TABLE public.mandates ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mandates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.markers (
    account_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    timeline text NOT NULL,
    last_read_id bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT markers_timeline_check CHECK ((timeline = ANY (ARRAY['home'::text, 'notifications'::text])))
);

CREATE TABLE public.matches (
    account_id bigint NOT NULL,
    call_id bigint NOT NULL,
    reasons json NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    dismissed_at timestamp with time zone
);

CREATE TABLE public.matching_profiles (
    account_id bigint NOT NULL,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    areas text[] DEFAULT '{}'::text[] NOT NULL,
    languages text[] DEFAULT '{}'::text[] NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    latitude double precision,
    longitude double precision,
    radius_km integer DEFAULT 30 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    shown json DEFAULT '{}'::json NOT NULL,
    CONSTRAINT matching_profiles_check CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT matching_profiles_radius_km_check CHECK ((radius_km > 0))
);

ALTER TABLE public.measures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.measures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.media (
    id bigint NOT NULL,
    owner_id bigint,
    path text,
    preview_path text,
    remote_url text,
    media_type text NOT NULL,
    kind text NOT NULL,
    bytes bigint,
    width integer,
    height integer,
    duration_ms integer,
    blurhash text,
    focus_x real,
    focus_y real,
    alt text DEFAULT ''::text NOT NULL,
    file_name text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL,
    evicted_at timestamp with time zone,
    preview_width integer,
    preview_height integer,
    silent boolean,
    widths integer[] DEFAULT '{}'::integer[] NOT NULL,
    avif boolean DEFAULT false NOT NULL,
    withheld boolean DEFAULT false NOT NULL,
    CONSTRAINT media_kind_check CHECK ((kind = ANY (ARRAY['image'::text, 'audio'::text, 'video'::text, 'document'::text]))),
    CONSTRAINT media_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'ready'::text, 'failed'::text])))
);

CREATE TABLE public.members (
    id bigint NOT NULL,
    number text,
    kind text DEFAULT 'person'::text NOT NULL,
    name text NOT NULL,
    email public.citext,
    address text DEFAULT ''::text NOT NULL,
    class text DEFAULT ''::text NOT NULL,
    since date,
    until date,
    shares integer DEFAULT 0 NOT NULL,
    dues text DEFAULT 'none'::text NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    consents json DEFAULT '{}'::json NOT NULL,
    keep_until date,
    account_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT members_dues_check CHECK ((dues = ANY (ARRAY['none'::text, 'due'::text, 'paid'::text, 'waived'::text]))),
    CONSTRAINT members_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'organisation'::text]))),
    CONSTRAINT members_shares_check CHECK ((shares >= 0))
);

ALTER TABLE public.members ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.members_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mentions (
    post_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    silent boolean DEFAULT false NOT NULL
);

CREATE TABLE public.muted_threads (
    actor_id bigint NOT NULL,
    context text NOT NULL
);

CREATE TABLE public.mutes (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    muted_id bigint NOT NULL,
    notifications boolean DEFAULT true NOT NULL,
    ends_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.mutes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mutes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_mails (
    account_id bigint NOT NULL,
    kind text NOT NULL,
    up_to bigint NOT NULL,
    sent_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.notifications (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    from_id bigint,
    post_id bigint,
    detail json DEFAULT '{}'::json NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone,
    actor_id bigint,
    filtered boolean DEFAULT false NOT NULL
);

CREATE VIEW public.notices AS
 SELECT id,
    account_id,
    actor_id,
    kind,
    from_id,
    post_id,
    detail,
    created_at,
    seen_at,
    filtered,
        CASE kind
            WHEN 'reply'::text THEN 'mention'::text
            WHEN 'like'::text THEN 'favourite'::text
            WHEN 'boost'::text THEN 'reblog'::text
            WHEN 'report'::text THEN 'admin.report'::text
            WHEN 'answer_decided'::text THEN 'update'::text
            WHEN 'rsvp'::text THEN
            CASE
                WHEN (from_id = ( SELECT p.actor_id
                   FROM public.posts p
                  WHERE (p.id = n.post_id))) THEN 'update'::text
                ELSE 'allmende.rsvp'::text
            END
            WHEN 'mention'::text THEN kind
            WHEN 'follow'::text THEN kind
            WHEN 'follow_request'::text THEN kind
            WHEN 'status'::text THEN kind
            WHEN 'poll'::text THEN kind
            WHEN 'update'::text THEN kind
            WHEN 'quote'::text THEN kind
            WHEN 'quoted_update'::text THEN kind
            WHEN 'added_to_collection'::text THEN kind
            WHEN 'collection_update'::text THEN kind
            ELSE ('allmende.'::text || kind)
        END AS type,
        CASE kind
            WHEN 'like'::text THEN ((('favourite-'::text || post_id) || '-'::text) || floor((EXTRACT(epoch FROM created_at) / (43200)::numeric)))
            WHEN 'boost'::text THEN ((('reblog-'::text || post_id) || '-'::text) || floor((EXTRACT(epoch FROM created_at) / (43200)::numeric)))
            WHEN 'follow'::text THEN ('follow-'::text || floor((EXTRACT(epoch FROM created_at) / (43200)::numeric)))
            ELSE ('ungrouped-'::text || id)
        END AS group_key,
    ((from_id IS NOT NULL) AND
        CASE
            WHEN (kind = 'report'::text) THEN true
            WHEN ((EXISTS ( SELECT
               FROM public.actors a
              WHERE ((a.id = n.from_id) AND (a.suspended_at IS NULL) AND (a.deleted_at IS NULL) AND (NOT a.host_suspended)))) AND (NOT (EXISTS ( SELECT
               FROM public.blocks
              WHERE ((blocks.blocker_id = n.actor_id) AND (blocks.blocked_id = n.from_id))))) AND (NOT (EXISTS ( SELECT
               FROM public.mutes
              WHERE ((mutes.actor_id = n.actor_id) AND (mutes.muted_id = n.from_id))))) AND (NOT (EXISTS ( SELECT
               FROM public.blocked_domains d
              WHERE (d.actor_id = n.actor_id))))) THEN true
            ELSE (NOT public.hushes(actor_id, from_id))
        END AND
        CASE
            WHEN (kind = ANY (ARRAY['added_to_collection'::text, 'collection_update'::text])) THEN (EXISTS ( SELECT
               FROM public.collection_items i
              WHERE ((i.collection_id = ((n.detail ->> 'collection'::text))::bigint) AND (i.actor_id = n.actor_id) AND (i.revoked_at IS NULL))))
            WHEN (post_id IS NULL) THEN (kind = ANY (ARRAY['follow'::text, 'follow_request'::text, 'follow_accepted'::text, 'suggested_hub'::text, 'report'::text]))
            ELSE (EXISTS ( SELECT
               FROM public.posts p
              WHERE ((p.id = n.post_id) AND
                    CASE
                        WHEN ((p.audience = ANY (ARRAY['public'::text, 'unlisted'::text])) AND (p.boost_of_id IS NULL) AND (p.deleted_at IS NULL) AND (EXISTS ( SELECT
                           FROM public.actors a
                          WHERE ((a.id = p.actor_id) AND (a.suspended_at IS NULL) AND (a.deleted_at IS NULL) AND (NOT a.host_suspended)))) AND (NOT (EXISTS ( SELECT
                           FROM public.blocks
                          WHERE ((blocks.blocker_id = p.actor_id) AND (blocks.blocked_id = n.actor_id)))))) THEN true
                        ELSE public.may_see(p.*, n.actor_id)
                    END)))
        END AND ((kind <> 'follow_request'::text) OR (EXISTS ( SELECT
           FROM public.follows f
          WHERE ((f.follower_id = n.from_id) AND (f.followed_id = n.actor_id) AND (f.state = 'pending'::text)))))) AS shown
   FROM public.notifications n;

CREATE TABLE public.notification_permissions (
    actor_id bigint NOT NULL,
    from_id bigint NOT NULL
);

CREATE TABLE public.notification_policies (
    actor_id bigint NOT NULL,
    rules json DEFAULT '{}'::json NOT NULL
);

ALTER TABLE public.notifications ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notifications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.offers (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    role text NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    from_mandate_id bigint,
    measure_id bigint,
    offered_at timestamp with time zone DEFAULT now() NOT NULL,
    answered_at timestamp with time zone,
    taken boolean,
    starts_at timestamp with time zone
);

ALTER TABLE public.offers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.offers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.origins (
    post_id bigint NOT NULL,
    uri text NOT NULL
);

CREATE TABLE public.passkeys (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint DEFAULT 0 NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE public.passkeys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.passkeys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pending_sign_ins (
    key_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    challenge bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.places (
    id bigint NOT NULL,
    uri text,
    local boolean NOT NULL,
    name text NOT NULL,
    street text DEFAULT ''::text NOT NULL,
    postal_code text DEFAULT ''::text NOT NULL,
    locality text DEFAULT ''::text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    country text DEFAULT ''::text NOT NULL,
    latitude double precision,
    longitude double precision,
    fingerprint bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    access text[] DEFAULT '{}'::text[] NOT NULL,
    access_note text DEFAULT ''::text NOT NULL,
    CONSTRAINT places_check CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT places_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT places_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

CREATE VIEW public.place_documents AS
 SELECT id,
    json_build_object('name', name, 'street', street, 'postal_code', postal_code, 'locality', locality, 'region', region, 'country', country, 'latitude', latitude, 'longitude', longitude, 'uri', uri, 'access', access, 'access_note', access_note) AS place
   FROM public.places;

CREATE TABLE public.post_media (
    post_id bigint NOT NULL,
    media_id bigint NOT NULL,
    "position" integer NOT NULL
);

CREATE VIEW public.post_records AS
 SELECT id,
    (public.post_json(p.*))::text AS record
   FROM public.posts p;

CREATE TABLE public.post_tags (
    tag text NOT NULL COLLATE pg_catalog."C",
    post_id bigint NOT NULL,
    actor_id bigint NOT NULL
);

CREATE TABLE public.profile_links (
    actor_id bigint NOT NULL,
    url text NOT NULL,
    verified_at timestamp with time zone,
    checked_at timestamp with time zone
);

CREATE TABLE public.profile_sources (
    actor_id bigint NOT NULL,
    summary text DEFAULT ''::text NOT NULL
);

CREATE VIEW public.public_actors AS
 SELECT id,
    uri,
    kind,
    local,
    role_here,
    name,
    host,
    display_name,
    display_names,
    summary,
    url,
    inbox,
    shared_inbox,
    outbox,
    followers,
    following,
    featured,
    upcoming,
    locked,
    discoverable,
    indexable,
    fields,
    also_known_as,
    moved_to,
    icon_id,
    banner_id,
    icon_url,
    banner_url,
    place_id,
    public_key_id,
    public_key,
    multikey_id,
    multikey,
    published_at,
    created_at,
    updated_at,
    fetched_at,
    backfilled_at,
    suspended_at,
    limited_at,
    host_suspended,
    host_limited,
    deleted_at,
    bot,
    hide_collections,
    attribution_domains,
    frozen_at,
    sensitized_at,
    suspended_there
   FROM public.actors;

CREATE TABLE public.push_subscriptions (
    id bigint NOT NULL,
    token_id bigint NOT NULL,
    endpoint text NOT NULL,
    p256dh text NOT NULL,
    auth text NOT NULL,
    standard boolean DEFAULT false NOT NULL,
    alerts json DEFAULT '{}'::json NOT NULL,
    policy text DEFAULT 'all'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    access_token text DEFAULT ''::text NOT NULL,
    CONSTRAINT push_subscriptions_policy_check CHECK ((policy = ANY (ARRAY['all'::text, 'followed'::text, 'follower'::text, 'none'::text])))
);

ALTER TABLE public.push_subscriptions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.push_subscriptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.quotes (
    post_id bigint NOT NULL,
    quoted_uri text NOT NULL,
    quoted_id bigint,
    state text NOT NULL,
    request_uri text,
    authorization_uri text,
    decided_at timestamp with time zone,
    CONSTRAINT quotes_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'accepted'::text, 'rejected'::text, 'revoked'::text])))
);

CREATE TABLE public.reactions (
    id bigint NOT NULL,
    actor_id bigint NOT NULL,
    post_id bigint NOT NULL,
    kind text NOT NULL,
    emoji text DEFAULT ''::text NOT NULL,
    uri text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reactions_kind_check CHECK ((kind = ANY (ARRAY['like'::text, 'emoji'::text])))
);

ALTER TABLE public.reactions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.recommendations (
    id bigint NOT NULL,
    uri text NOT NULL,
    offer_uri text NOT NULL,
    actor_id bigint NOT NULL,
    domain text NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    evidence text[] DEFAULT '{}'::text[] NOT NULL,
    hearsay boolean DEFAULT false NOT NULL,
    published_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    retracted_at timestamp with time zone,
    draft_id bigint,
    CONSTRAINT recommendations_kind_check CHECK ((kind = ANY (ARRAY['limit'::text, 'suspend'::text, 'reject_media'::text, 'reject_reports'::text])))
);

ALTER TABLE public.recommendations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.recommendations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.recovery_codes (
    account_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.reports (
    id bigint NOT NULL,
    uri text,
    reporter_id bigint,
    from_host text,
    actor_id bigint NOT NULL,
    post_uris text[] DEFAULT '{}'::text[] NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    category text DEFAULT 'other'::text NOT NULL,
    forward boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by bigint,
    rule_ids text[] DEFAULT '{}'::text[] NOT NULL,
    outcome text,
    answer text DEFAULT ''::text NOT NULL,
    assigned_to bigint,
    visitor_name text DEFAULT ''::text NOT NULL,
    visitor_email text,
    language text DEFAULT 'en'::text NOT NULL,
    forwarded_at timestamp with time zone,
    flag_uri text,
    home_outcome text,
    home_words text DEFAULT ''::text NOT NULL,
    home_answered_at timestamp with time zone,
    CONSTRAINT reports_home_outcome_check CHECK ((home_outcome = ANY (ARRAY['acted'::text, 'no_breach'::text, 'elsewhere'::text]))),
    CONSTRAINT reports_outcome_check CHECK ((outcome = ANY (ARRAY['acted'::text, 'no_breach'::text, 'elsewhere'::text])))
);

ALTER TABLE public.reports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reserved_names (
    name public.citext NOT NULL,
    reason text NOT NULL,
    reserved_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.roles (
    name text NOT NULL,
    permissions text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seats integer DEFAULT 0 NOT NULL,
    CONSTRAINT roles_seats_check CHECK (((seats >= 0) AND (seats <= 100)))
);

CREATE TABLE public.rsvps (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    actor_id bigint,
    guest_email public.citext,
    guest_name text,
    state text NOT NULL,
    door text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    activity_uri text,
    answered_at timestamp with time zone DEFAULT now() NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL,
    companions smallint DEFAULT 0 NOT NULL,
    answers json DEFAULT '{}'::json NOT NULL,
    guest_language text DEFAULT 'en'::text NOT NULL,
    checked_in_at timestamp with time zone,
    reminded_at timestamp with time zone,
    told_id bigint DEFAULT 0 NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT rsvps_check CHECK (((actor_id IS NULL) <> (guest_email IS NULL))),
    CONSTRAINT rsvps_companions_check CHECK (((companions >= 0) AND (companions <= 20))),
    CONSTRAINT rsvps_door_check CHECK ((door = ANY (ARRAY['button'::text, 'join'::text, 'accept'::text, 'poll'::text, 'reply'::text, 'mail'::text, 'panel'::text]))),
    CONSTRAINT rsvps_state_check CHECK ((state = ANY (ARRAY['going'::text, 'maybe'::text, 'waiting'::text, 'asked'::text, 'declined'::text])))
);

ALTER TABLE public.rsvps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rsvps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.rsvp_requests (
    id bigint DEFAULT nextval('public.rsvps_id_seq'::regclass) NOT NULL,
    event_id bigint NOT NULL,
    email public.citext NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    language text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rsvp_requests_state_check CHECK ((state = ANY (ARRAY['going'::text, 'maybe'::text, 'declined'::text])))
);

CREATE TABLE public.rsvp_terms (
    event_id bigint NOT NULL,
    companions smallint DEFAULT 0 NOT NULL,
    questions json DEFAULT '[]'::json NOT NULL
);

CREATE TABLE public.scheduled_posts (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    parameters json NOT NULL,
    media_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    due_at timestamp with time zone NOT NULL,
    failed_why text
);

ALTER TABLE public.scheduled_posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.scheduled_posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sessions (
    key_hash bytea NOT NULL,
    account_id bigint,
    data json DEFAULT '{}'::json NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.severed (
    measure_id bigint NOT NULL,
    follower_id bigint NOT NULL,
    followed_id bigint NOT NULL,
    uri text NOT NULL,
    accepted boolean NOT NULL,
    boosts boolean NOT NULL,
    notify boolean NOT NULL,
    languages text[],
    lists bigint[] DEFAULT '{}'::bigint[] NOT NULL
);

CREATE TABLE public.tallies (
    day date NOT NULL,
    host text NOT NULL,
    type text NOT NULL,
    reason text NOT NULL,
    count bigint DEFAULT 1 NOT NULL
);

CREATE VIEW public.tellers AS
 SELECT f.followed_id AS id
   FROM ((public.follows f
     JOIN public.actors me ON (((me.id = f.follower_id) AND me.local)))
     JOIN public.actors teller ON ((teller.id = f.followed_id)))
  WHERE ((f.state = 'accepted'::text) AND ((me.role_here = ANY (ARRAY['hub'::text, 'instance'::text, 'area'::text])) OR (teller.kind <> 'Person'::text)));

CREATE TABLE public.tokens (
    id bigint NOT NULL,
    token_hash bytea NOT NULL,
    account_id bigint,
    acting_actor_id bigint,
    scopes text[] NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    app_id bigint
);

ALTER TABLE public.tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.told_facts AS
 SELECT a.actor_id,
    fact.name,
    fact.words,
    COALESCE((m.shown ->> fact.name), 'self'::text) AS audience
   FROM ((public.matching_profiles m
     JOIN public.accounts a ON ((a.id = m.account_id)))
     CROSS JOIN LATERAL ( VALUES ('skills'::text,m.skills), ('areas'::text,m.areas), ('languages'::text,m.languages), ('place'::text,
                CASE
                    WHEN (m.place = ''::text) THEN '{}'::text[]
                    ELSE ARRAY[m.place]
                END)) fact(name, words))
  WHERE (fact.words <> '{}'::text[]);

CREATE TABLE public.totp (
    account_id bigint NOT NULL,
    secret text NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.traces (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    way text NOT NULL,
    host text NOT NULL,
    activity text NOT NULL,
    type text DEFAULT ''::text NOT NULL,
    fine boolean NOT NULL,
    words text NOT NULL,
    CONSTRAINT traces_way_check CHECK ((way = ANY (ARRAY['in'::text, 'out'::text])))
);

ALTER TABLE public.traces ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.traces_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.votes (
    post_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    option integer NOT NULL,
    voted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT votes_option_check CHECK ((option >= 0))
);

CREATE TABLE public.walks (
    name text NOT NULL,
    after bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_actor_id_key UNIQUE (actor_id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_email_key UNIQUE (email);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.actor_counts
    ADD CONSTRAINT actor_counts_pkey PRIMARY KEY (actor_id);

ALTER TABLE ONLY public.actor_notes
    ADD CONSTRAINT actor_notes_pkey PRIMARY KEY (actor_id, about_id);

ALTER TABLE ONLY public.actors
    ADD CONSTRAINT actors_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.actors
    ADD CONSTRAINT actors_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.alarms
    ADD CONSTRAINT alarms_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.announcement_reactions
    ADD CONSTRAINT announcement_reactions_pkey PRIMARY KEY (announcement_id, account_id, name);

ALTER TABLE ONLY public.announcement_reads
    ADD CONSTRAINT announcement_reads_pkey PRIMARY KEY (announcement_id, account_id);

ALTER TABLE ONLY public.announcements
    ADD CONSTRAINT announcements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.answer_messages
    ADD CONSTRAINT answer_messages_pkey PRIMARY KEY (answer_id, post_id);

ALTER TABLE ONLY public.answered
    ADD CONSTRAINT answered_pkey PRIMARY KEY (account_id, key);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_agreement_uri_key UNIQUE (agreement_uri);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_offer_uri_key UNIQUE (offer_uri);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_measure_id_key UNIQUE (measure_id);

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.apps
    ADD CONSTRAINT apps_client_id_key UNIQUE (client_id);

ALTER TABLE ONLY public.apps
    ADD CONSTRAINT apps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.areas
    ADD CONSTRAINT areas_actor_id_key UNIQUE (actor_id);

ALTER TABLE ONLY public.areas
    ADD CONSTRAINT areas_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.arrivals
    ADD CONSTRAINT arrivals_once_key UNIQUE (once);

ALTER TABLE ONLY public.arrivals
    ADD CONSTRAINT arrivals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (subject, who);

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY public.back_ups
    ADD CONSTRAINT back_ups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots
    ADD CONSTRAINT ballots_pkey PRIMARY KEY (measure_id, account_id);

ALTER TABLE ONLY public.blocked_domains
    ADD CONSTRAINT blocked_domains_pkey PRIMARY KEY (actor_id, domain);

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_pkey PRIMARY KEY (blocker_id, blocked_id);

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_pkey PRIMARY KEY (actor_id, post_id);

ALTER TABLE ONLY public.calendar_keys
    ADD CONSTRAINT calendar_keys_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.calendar_keys
    ADD CONSTRAINT calendar_keys_secret_key UNIQUE (secret);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_intent_uri_key UNIQUE (intent_uri);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (post_id);

ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_url_key UNIQUE (url);

ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT case_links_pkey PRIMARY KEY (one_id, other_id);

ALTER TABLE ONLY public.case_notes
    ADD CONSTRAINT case_notes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_posts
    ADD CONSTRAINT case_posts_pkey PRIMARY KEY (report_id, place);

ALTER TABLE ONLY public.case_templates
    ADD CONSTRAINT case_templates_name_key UNIQUE (name);

ALTER TABLE ONLY public.case_templates
    ADD CONSTRAINT case_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (xid);

ALTER TABLE ONLY public.check_ups
    ADD CONSTRAINT check_ups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.circle_hubs
    ADD CONSTRAINT circle_hubs_offer_uri_key UNIQUE (offer_uri);

ALTER TABLE ONLY public.circle_hubs
    ADD CONSTRAINT circle_hubs_pkey PRIMARY KEY (actor_id);

ALTER TABLE ONLY public.co_hosts
    ADD CONSTRAINT co_hosts_pkey PRIMARY KEY (event_id, actor_id);

ALTER TABLE ONLY public.collection_items
    ADD CONSTRAINT collection_items_collection_id_actor_id_key UNIQUE (collection_id, actor_id);

ALTER TABLE ONLY public.collection_items
    ADD CONSTRAINT collection_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.collections
    ADD CONSTRAINT collections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contact_messages
    ADD CONSTRAINT contact_messages_number_key UNIQUE (number);

ALTER TABLE ONLY public.contact_messages
    ADD CONSTRAINT contact_messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversation_reads
    ADD CONSTRAINT conversation_reads_pkey PRIMARY KEY (actor_id, context);

ALTER TABLE ONLY public.decision_rules
    ADD CONSTRAINT decision_rules_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.dismissed_suggestions
    ADD CONSTRAINT dismissed_suggestions_pkey PRIMARY KEY (actor_id, suggested_id);

ALTER TABLE ONLY public.domain_lists
    ADD CONSTRAINT domain_lists_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.domain_lists
    ADD CONSTRAINT domain_lists_url_key UNIQUE (url);

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_list_id_domain_kind_key UNIQUE NULLS NOT DISTINCT (list_id, domain, kind);

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.editors
    ADD CONSTRAINT editors_pkey PRIMARY KEY (actor_id, account_id);

ALTER TABLE ONLY public.edits
    ADD CONSTRAINT edits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.emojis
    ADD CONSTRAINT emojis_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.emojis
    ADD CONSTRAINT emojis_shortcode_host_key UNIQUE (shortcode, host);

ALTER TABLE ONLY public.endorsements
    ADD CONSTRAINT endorsements_pkey PRIMARY KEY (actor_id, endorsed_id);

ALTER TABLE ONLY public.event_splits
    ADD CONSTRAINT event_splits_pkey PRIMARY KEY (one_id, other_id);

ALTER TABLE ONLY public.event_tellings
    ADD CONSTRAINT event_tellings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (post_id);

ALTER TABLE ONLY public.exports
    ADD CONSTRAINT exports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.featured
    ADD CONSTRAINT featured_pkey PRIMARY KEY (actor_id, post_id);

ALTER TABLE ONLY public.featured_tags
    ADD CONSTRAINT featured_tags_pkey PRIMARY KEY (actor_id, tag);

ALTER TABLE ONLY public.filter_keywords
    ADD CONSTRAINT filter_keywords_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.filter_posts
    ADD CONSTRAINT filter_posts_filter_id_post_id_key UNIQUE (filter_id, post_id);

ALTER TABLE ONLY public.filter_posts
    ADD CONSTRAINT filter_posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.filters
    ADD CONSTRAINT filters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_pkey PRIMARY KEY (post_id);

ALTER TABLE ONLY public.followed_tags
    ADD CONSTRAINT followed_tags_pkey PRIMARY KEY (actor_id, tag);

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_follower_id_followed_id_key UNIQUE (follower_id, followed_id);

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.gone
    ADD CONSTRAINT gone_pkey PRIMARY KEY (uri, actor_uri);

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_pkey PRIMARY KEY (group_id, actor_id);

ALTER TABLE ONLY public.happenings
    ADD CONSTRAINT happenings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.held
    ADD CONSTRAINT held_once_key UNIQUE (once);

ALTER TABLE ONLY public.held
    ADD CONSTRAINT held_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hosts
    ADD CONSTRAINT hosts_pkey PRIMARY KEY (host);

ALTER TABLE ONLY public.hub
    ADD CONSTRAINT hub_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (actor_id, key_hash);

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_pkey PRIMARY KEY (import_id, "position");

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_code_key UNIQUE (code);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_once_key UNIQUE (once);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kept_lines
    ADD CONSTRAINT kept_lines_pkey PRIMARY KEY (actor_id, "position");

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (account_id, device_hash);

ALTER TABLE ONLY public.known_hubs
    ADD CONSTRAINT known_hubs_pkey PRIMARY KEY (actor_id);

ALTER TABLE ONLY public.leavings
    ADD CONSTRAINT leavings_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.list_members
    ADD CONSTRAINT list_members_pkey PRIMARY KEY (list_id, member_id);

ALTER TABLE ONLY public.lists
    ADD CONSTRAINT lists_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.log
    ADD CONSTRAINT log_link_key UNIQUE (link);

ALTER TABLE ONLY public.log
    ADD CONSTRAINT log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mail_attachments
    ADD CONSTRAINT mail_attachments_pkey PRIMARY KEY (mail_id, "position");

ALTER TABLE ONLY public.mail_choices
    ADD CONSTRAINT mail_choices_pkey PRIMARY KEY (account_id, kind);

ALTER TABLE ONLY public.mail_keys
    ADD CONSTRAINT mail_keys_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_message_id_key UNIQUE (message_id);

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mandates
    ADD CONSTRAINT mandates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.markers
    ADD CONSTRAINT markers_pkey PRIMARY KEY (account_id, actor_id, timeline);

ALTER TABLE ONLY public.matches
    ADD CONSTRAINT matches_pkey PRIMARY KEY (account_id, call_id);

ALTER TABLE ONLY public.matching_profiles
    ADD CONSTRAINT matching_profiles_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_path_key UNIQUE (path);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_account_id_key UNIQUE (account_id);

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_number_key UNIQUE (number);

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_pkey PRIMARY KEY (post_id, actor_id);

ALTER TABLE ONLY public.muted_threads
    ADD CONSTRAINT muted_threads_pkey PRIMARY KEY (actor_id, context);

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_pkey PRIMARY KEY (actor_id, muted_id);

ALTER TABLE ONLY public.notice_mails
    ADD CONSTRAINT notice_mails_pkey PRIMARY KEY (account_id, kind);

ALTER TABLE ONLY public.notification_permissions
    ADD CONSTRAINT notification_permissions_pkey PRIMARY KEY (actor_id, from_id);

ALTER TABLE ONLY public.notification_policies
    ADD CONSTRAINT notification_policies_pkey PRIMARY KEY (actor_id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.offers
    ADD CONSTRAINT offers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.origins
    ADD CONSTRAINT origins_pkey PRIMARY KEY (post_id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pending_sign_ins
    ADD CONSTRAINT pending_sign_ins_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_local_fingerprint_key UNIQUE (local, fingerprint);

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_pkey PRIMARY KEY (post_id, "position");

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_post_id_media_id_key UNIQUE (post_id, media_id);

ALTER TABLE ONLY public.post_tags
    ADD CONSTRAINT post_tags_pkey PRIMARY KEY (tag, post_id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.profile_links
    ADD CONSTRAINT profile_links_pkey PRIMARY KEY (actor_id, url);

ALTER TABLE ONLY public.profile_sources
    ADD CONSTRAINT profile_sources_pkey PRIMARY KEY (actor_id);

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_token_id_key UNIQUE (token_id);

ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_pkey PRIMARY KEY (post_id);

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_actor_id_post_id_kind_emoji_key UNIQUE (actor_id, post_id, kind, emoji);

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.recommendations
    ADD CONSTRAINT recommendations_actor_id_uri_key UNIQUE (actor_id, uri);

ALTER TABLE ONLY public.recommendations
    ADD CONSTRAINT recommendations_offer_uri_key UNIQUE (offer_uri);

ALTER TABLE ONLY public.recommendations
    ADD CONSTRAINT recommendations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (account_id, code_hash);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_flag_uri_key UNIQUE (flag_uri);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_uri_key UNIQUE (uri);

ALTER TABLE ONLY public.reserved_names
    ADD CONSTRAINT reserved_names_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.rsvp_requests
    ADD CONSTRAINT rsvp_requests_event_id_email_key UNIQUE (event_id, email);

ALTER TABLE ONLY public.rsvp_requests
    ADD CONSTRAINT rsvp_requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rsvp_terms
    ADD CONSTRAINT rsvp_terms_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.rsvps
    ADD CONSTRAINT rsvps_event_id_actor_id_key UNIQUE (event_id, actor_id);

ALTER TABLE ONLY public.rsvps
    ADD CONSTRAINT rsvps_event_id_guest_email_key UNIQUE (event_id, guest_email);

ALTER TABLE ONLY public.rsvps
    ADD CONSTRAINT rsvps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.scheduled_posts
    ADD CONSTRAINT scheduled_posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY public.severed
    ADD CONSTRAINT severed_pkey PRIMARY KEY (measure_id, follower_id, followed_id);

ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_pkey PRIMARY KEY (day, host, type, reason);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.totp
    ADD CONSTRAINT totp_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.traces
    ADD CONSTRAINT traces_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (post_id, actor_id, option);

ALTER TABLE ONLY public.walks
    ADD CONSTRAINT walks_pkey PRIMARY KEY (name);

CREATE INDEX activities_actor ON public.activities USING btree (actor_id, id DESC);

CREATE INDEX activities_post ON public.activities USING btree (post_id) WHERE (post_id IS NOT NULL);

CREATE INDEX actors_banner ON public.actors USING btree (banner_id) WHERE (banner_id IS NOT NULL);

CREATE INDEX actors_called ON public.actors USING gin (lower(((name || ' '::text) || display_name)) public.gin_trgm_ops);

CREATE UNIQUE INDEX actors_handle ON public.actors USING btree (lower(name), host);

CREATE INDEX actors_host ON public.actors USING btree (host) WHERE (NOT local);

CREATE INDEX actors_icon ON public.actors USING btree (icon_id) WHERE (icon_id IS NOT NULL);

CREATE INDEX actors_inbox ON public.actors USING btree (COALESCE(shared_inbox, inbox)) WHERE (NOT local);

CREATE UNIQUE INDEX actors_of_hub ON public.actors USING btree (role_here) WHERE (role_here = ANY (ARRAY['hub'::text, 'instance'::text, 'log'::text]));

CREATE UNIQUE INDEX actors_public_key_id ON public.actors USING btree (public_key_id) WHERE (public_key_id IS NOT NULL);

CREATE INDEX actors_role_here ON public.actors USING btree (role_here, id) WHERE (role_here IS NOT NULL);

CREATE INDEX announcements_due ON public.announcements USING btree (published_at) WHERE (told_at IS NULL);

CREATE INDEX answer_messages_post ON public.answer_messages USING btree (post_id);

CREATE INDEX answered_at ON public.answered USING btree (at);

CREATE INDEX answers_call ON public.answers USING btree (call_id, id);

CREATE UNIQUE INDEX answers_reply ON public.answers USING btree (reply_id) WHERE (reply_id IS NOT NULL);

CREATE INDEX appeals_open ON public.appeals USING btree (id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX applications_email ON public.applications USING btree (email) WHERE (state = ANY (ARRAY['confirming'::text, 'waiting'::text]));

CREATE UNIQUE INDEX applications_name ON public.applications USING btree (name) WHERE (state = ANY (ARRAY['confirming'::text, 'waiting'::text]));

CREATE INDEX applications_state ON public.applications USING btree (state, id);

CREATE INDEX apps_used ON public.apps USING btree (used_at);

CREATE INDEX arrivals_done ON public.arrivals USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX arrivals_due ON public.arrivals USING btree (next_at, id) WHERE (done_at IS NULL);

CREATE INDEX arrivals_lane ON public.arrivals USING btree (actor_uri, id) WHERE (outcome IS NULL);

CREATE INDEX attempts_due ON public.attempts USING btree (due_at);

CREATE INDEX authorization_codes_account ON public.authorization_codes USING btree (account_id);

CREATE INDEX authorization_codes_created ON public.authorization_codes USING btree (created_at);

CREATE INDEX back_ups_made ON public.back_ups USING btree (made_at);

CREATE INDEX ballots_account ON public.ballots USING btree (account_id);

CREATE INDEX blocks_blocked ON public.blocks USING btree (blocked_id);

CREATE INDEX bookmarks_actor ON public.bookmarks USING btree (actor_id, id DESC);

CREATE INDEX bookmarks_post ON public.bookmarks USING btree (post_id);

CREATE INDEX calls_open ON public.calls USING btree (deadline) WHERE (state = 'open'::text);

CREATE INDEX cards_media ON public.cards USING btree (media_id) WHERE (media_id IS NOT NULL);

CREATE INDEX case_links_other ON public.case_links USING btree (other_id);

CREATE INDEX case_notes_report ON public.case_notes USING btree (report_id, id);

CREATE INDEX co_hosts_actor ON public.co_hosts USING btree (actor_id);

CREATE INDEX collection_items_actor ON public.collection_items USING btree (actor_id, collection_id);

CREATE INDEX collections_actor ON public.collections USING btree (actor_id, id);

CREATE INDEX contact_messages_open ON public.contact_messages USING btree (id) WHERE (done_at IS NULL);

CREATE INDEX deliveries_dead ON public.deliveries USING btree (dead_at) WHERE (dead_at IS NOT NULL);

CREATE INDEX deliveries_due ON public.deliveries USING btree (host, next_at) WHERE (dead_at IS NULL);

CREATE UNIQUE INDEX deliveries_once ON public.deliveries USING btree (activity_id, md5(inbox));

CREATE INDEX digests_due ON public.digests USING btree (next_at);

CREATE INDEX drafts_domain ON public.drafts USING btree (domain);

CREATE INDEX drafts_waiting ON public.drafts USING btree (list_id, id) WHERE (state = 'waiting'::text);

CREATE INDEX editors_account ON public.editors USING btree (account_id);

CREATE INDEX edits_post ON public.edits USING btree (post_id, id);

CREATE INDEX emojis_media ON public.emojis USING btree (media_id) WHERE (media_id IS NOT NULL);

CREATE INDEX event_splits_other ON public.event_splits USING btree (other_id);

CREATE INDEX event_tellings_event ON public.event_tellings USING btree (event_id, id);

CREATE INDEX events_calendar ON public.events USING btree (starts_at, post_id);

CREATE INDEX events_series ON public.events USING btree (series) WHERE (series IS NOT NULL);

CREATE INDEX exports_of_account ON public.exports USING btree (account_id, id);

CREATE INDEX exports_old ON public.exports USING btree (created_at) WHERE (state <> 'gone'::text);

CREATE INDEX featured_post ON public.featured USING btree (post_id);

CREATE INDEX filter_keywords_filter ON public.filter_keywords USING btree (filter_id);

CREATE INDEX filter_posts_post ON public.filter_posts USING btree (post_id);

CREATE INDEX filters_actor ON public.filters USING btree (actor_id);

CREATE INDEX findings_born_of ON public.findings USING btree (born_of_id) WHERE (born_of_id IS NOT NULL);

CREATE INDEX followed_tags_tag ON public.followed_tags USING btree (tag);

CREATE INDEX follows_followed ON public.follows USING btree (followed_id, id) WHERE (state = 'accepted'::text);

CREATE INDEX follows_requested ON public.follows USING btree (followed_id, id) WHERE (state = 'pending'::text);

CREATE INDEX gone_at ON public.gone USING btree (gone_at);

CREATE INDEX group_members_actor ON public.group_members USING btree (actor_id);

CREATE INDEX happenings_at ON public.happenings USING btree (at);

CREATE INDEX happenings_order ON public.happenings USING btree (transaction_id, id);

CREATE INDEX held_host ON public.held USING btree (host, id);

CREATE INDEX hosts_waiting ON public.hosts USING btree (waits_since) WHERE (waits_since IS NOT NULL);

CREATE INDEX idempotency_keys_post ON public.idempotency_keys USING btree (post_id);

CREATE INDEX idempotency_keys_scheduled ON public.idempotency_keys USING btree (scheduled_id);

CREATE INDEX import_rows_open ON public.import_rows USING btree (import_id, "position") WHERE (outcome IS NULL);

CREATE INDEX imports_of_account ON public.imports USING btree (account_id, id);

CREATE INDEX imports_old ON public.imports USING btree (created_at);

CREATE INDEX invitations_made_by ON public.invitations USING btree (made_by, id DESC);

CREATE INDEX jobs_due ON public.jobs USING btree (next_at, id) WHERE (dead_at IS NULL);

CREATE INDEX journal_at ON public.journal USING btree (at);

CREATE INDEX known_devices_seen ON public.known_devices USING btree (seen_at);

CREATE INDEX known_hubs_via ON public.known_hubs USING btree (seen_via, seen_at);

CREATE INDEX leavings_due ON public.leavings USING btree (leaves_at);

CREATE INDEX list_members_member ON public.list_members USING btree (member_id);

CREATE INDEX lists_actor ON public.lists USING btree (actor_id);

CREATE INDEX mail_keys_account ON public.mail_keys USING btree (account_id, purpose);

CREATE INDEX mail_keys_expired ON public.mail_keys USING btree (expires_at);

CREATE INDEX mails_done ON public.mails USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX mails_due ON public.mails USING btree (((unsubscribe IS NOT NULL)), next_at, id) WHERE (state = 'waiting'::text);

CREATE INDEX mandates_account ON public.mandates USING btree (account_id);

CREATE INDEX mandates_ending ON public.mandates USING btree (ends_at) WHERE (settled_at IS NULL);

CREATE INDEX matches_call ON public.matches USING btree (call_id);

CREATE INDEX measures_due ON public.measures USING btree (COALESCE(lapses_at, closes_at)) WHERE (state = ANY (ARRAY['proposed'::text, 'executed'::text]));

CREATE INDEX measures_history ON public.measures USING btree (target_kind, target, id);

CREATE INDEX measures_purge ON public.measures USING btree (purge_at) WHERE ((state = 'executed'::text) AND (purged_at IS NULL));

CREATE INDEX measures_waiting ON public.measures USING btree (id) WHERE (state <> 'ended'::text);

CREATE INDEX media_owner ON public.media USING btree (owner_id) WHERE (owner_id IS NOT NULL);

CREATE INDEX media_preview ON public.media USING btree (preview_path) WHERE (preview_path IS NOT NULL);

CREATE UNIQUE INDEX media_remote ON public.media USING btree (remote_url) WHERE (remote_url IS NOT NULL);

CREATE INDEX media_used ON public.media USING btree (used_at) WHERE ((remote_url IS NOT NULL) AND (state = 'ready'::text) AND (evicted_at IS NULL));

CREATE INDEX media_waiting ON public.media USING btree (id) WHERE (state = 'waiting'::text);

CREATE INDEX media_withheld ON public.media USING btree (id) WHERE withheld;

CREATE INDEX members_keep_until ON public.members USING btree (keep_until) WHERE (keep_until IS NOT NULL);

CREATE INDEX mentions_actor ON public.mentions USING btree (actor_id, post_id DESC);

CREATE INDEX notifications_account ON public.notifications USING btree (account_id, id DESC);

CREATE INDEX notifications_held ON public.notifications USING btree (account_id, actor_id, from_id) WHERE filtered;

CREATE UNIQUE INDEX notifications_hub_once ON public.notifications USING btree (account_id, from_id) WHERE (kind = 'suggested_hub'::text);

CREATE UNIQUE INDEX notifications_once ON public.notifications USING btree (account_id, actor_id, kind, from_id, post_id) WHERE ((post_id IS NOT NULL) AND (kind <> ALL (ARRAY['rsvp'::text, 'update'::text, 'answer'::text, 'answer_decided'::text, 'quoted_update'::text])));

CREATE INDEX notifications_post ON public.notifications USING btree (post_id) WHERE (post_id IS NOT NULL);

CREATE INDEX notifications_unseen ON public.notifications USING btree (created_at) WHERE ((seen_at IS NULL) AND (NOT filtered));

CREATE UNIQUE INDEX offers_open ON public.offers USING btree (account_id, role) WHERE (answered_at IS NULL);

CREATE INDEX origins_uri ON public.origins USING btree (uri);

CREATE INDEX passkeys_account ON public.passkeys USING btree (account_id);

CREATE INDEX pending_sign_ins_account ON public.pending_sign_ins USING btree (account_id);

CREATE INDEX pending_sign_ins_expires ON public.pending_sign_ins USING btree (expires_at);

CREATE INDEX places_near ON public.places USING gist (public.ll_to_earth(latitude, longitude)) WHERE (latitude IS NOT NULL);

CREATE INDEX post_media_media ON public.post_media USING btree (media_id);

CREATE INDEX post_tags_actor ON public.post_tags USING btree (actor_id, tag);

CREATE INDEX post_tags_post ON public.post_tags USING btree (post_id);

CREATE INDEX posts_actor ON public.posts USING btree (actor_id, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX posts_app ON public.posts USING btree (app_id) WHERE (app_id IS NOT NULL);

CREATE INDEX posts_boost_of ON public.posts USING btree (boost_of_id) WHERE (boost_of_id IS NOT NULL);

CREATE UNIQUE INDEX posts_boost_once ON public.posts USING btree (actor_id, boost_of_id) WHERE ((boost_of_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX posts_card ON public.posts USING btree (card_id, id DESC) WHERE (card_id IS NOT NULL);

CREATE INDEX posts_context ON public.posts USING btree (context, id) WHERE (context IS NOT NULL);

CREATE INDEX posts_direct ON public.posts USING btree (actor_id, id DESC) WHERE ((audience = 'direct'::text) AND (deleted_at IS NULL));

CREATE INDEX posts_found ON public.posts USING gin (public.search_keys(id, actor_id), search) WHERE (search IS NOT NULL);

CREATE INDEX posts_kind ON public.posts USING btree (kind, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX posts_local ON public.posts USING btree (id DESC) WHERE (local AND (deleted_at IS NULL) AND (kind <> 'boost'::text) AND (audience = ANY (ARRAY['public'::text, 'hub'::text])));

CREATE INDEX posts_ours ON public.posts USING btree (published_at) WHERE (local AND (deleted_at IS NULL));

CREATE INDEX posts_pictured ON public.posts USING btree (id DESC) WHERE ((json_array_length(attachments) > 0) AND (audience = 'public'::text) AND (deleted_at IS NULL));

CREATE INDEX posts_public ON public.posts USING btree (id DESC) WHERE ((audience = 'public'::text) AND (deleted_at IS NULL));

CREATE INDEX posts_reply ON public.posts USING btree (in_reply_to_id, id) WHERE (in_reply_to_id IS NOT NULL);

CREATE INDEX posts_reply_uri ON public.posts USING btree (in_reply_to) WHERE ((in_reply_to IS NOT NULL) AND (in_reply_to_id IS NULL));

CREATE INDEX posts_rsvp_for ON public.posts USING btree (rsvp_for_id) WHERE (rsvp_for_id IS NOT NULL);

CREATE UNIQUE INDEX posts_rsvp_poll ON public.posts USING btree (rsvp_for_id) WHERE ((rsvp_for_id IS NOT NULL) AND (poll IS NOT NULL) AND local AND (deleted_at IS NULL));

CREATE INDEX posts_tags ON public.posts USING gin (tags);

CREATE INDEX posts_title_letters ON public.posts USING gin (public.title_letters(versions) public.gin_trgm_ops) WHERE (kind = ANY (ARRAY['event'::text, 'finding'::text, 'call'::text]));

CREATE INDEX profile_links_due ON public.profile_links USING btree (checked_at NULLS FIRST);

CREATE UNIQUE INDEX quotes_authorization ON public.quotes USING btree (authorization_uri) WHERE (authorization_uri IS NOT NULL);

CREATE INDEX quotes_quoted ON public.quotes USING btree (quoted_id, post_id DESC);

CREATE INDEX quotes_uri ON public.quotes USING btree (quoted_uri);

CREATE INDEX reactions_actor ON public.reactions USING btree (actor_id, id DESC) WHERE (kind = 'like'::text);

CREATE INDEX reactions_post ON public.reactions USING btree (post_id);

CREATE INDEX recommendations_domain ON public.recommendations USING btree (domain) WHERE (retracted_at IS NULL);

CREATE INDEX reports_actor ON public.reports USING btree (actor_id, id);

CREATE INDEX reports_assigned ON public.reports USING btree (assigned_to) WHERE (resolved_at IS NULL);

CREATE INDEX reports_open ON public.reports USING btree (id) WHERE (resolved_at IS NULL);

CREATE INDEX reports_reporter ON public.reports USING btree (reporter_id, id) WHERE (from_host IS NULL);

CREATE INDEX rsvp_requests_asked ON public.rsvp_requests USING btree (asked_at);

CREATE INDEX rsvps_activity ON public.rsvps USING btree (activity_uri) WHERE (activity_uri IS NOT NULL);

CREATE INDEX rsvps_waiting ON public.rsvps USING btree (event_id, queued_at, id) WHERE (state = 'waiting'::text);

CREATE INDEX scheduled_posts_actor ON public.scheduled_posts USING btree (actor_id, id);

CREATE INDEX scheduled_posts_due ON public.scheduled_posts USING btree (due_at) WHERE (failed_why IS NULL);

CREATE INDEX sessions_account ON public.sessions USING btree (account_id);

CREATE INDEX tokens_app ON public.tokens USING btree (app_id) WHERE (app_id IS NOT NULL);

CREATE INDEX traces_activity ON public.traces USING btree (activity, id);

CREATE INDEX traces_at ON public.traces USING btree (at);

CREATE INDEX traces_host ON public.traces USING btree (host, id);

CREATE TRIGGER address_notice BEFORE INSERT ON public.notifications FOR EACH ROW WHEN ((new.actor_id IS NULL)) EXECUTE FUNCTION public.address_notice();

CREATE TRIGGER count_follow AFTER INSERT OR DELETE OR UPDATE OF state ON public.follows FOR EACH ROW EXECUTE FUNCTION public.count_follow();

CREATE TRIGGER count_posts AFTER INSERT ON public.posts REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION public.count_posts();

CREATE TRIGGER leave_lists AFTER DELETE ON public.follows FOR EACH ROW EXECUTE FUNCTION public.leave_lists();

CREATE TRIGGER note_other_tags AFTER UPDATE OF tags ON public.posts FOR EACH ROW WHEN ((old.tags <> new.tags)) EXECUTE FUNCTION public.note_tags();

CREATE TRIGGER note_tags AFTER INSERT ON public.posts FOR EACH ROW WHEN ((new.tags <> '{}'::text[])) EXECUTE FUNCTION public.note_tags();

CREATE TRIGGER tell_notices AFTER INSERT ON public.notifications REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.tell_notices();

CREATE TRIGGER uncount_hidden_post AFTER UPDATE OF deleted_at ON public.posts FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL) AND (old.audience <> 'direct'::text))) EXECUTE FUNCTION public.uncount_post();

CREATE TRIGGER uncount_removed_post AFTER DELETE ON public.posts FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (old.audience <> 'direct'::text))) EXECUTE FUNCTION public.uncount_post();

CREATE TRIGGER zz_note_asked AFTER UPDATE OF fetched_at, backfilled_at ON public.actors FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_beside();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.accounts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change_of_people();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.activities FOR EACH STATEMENT WHEN (((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text) AND (current_setting('allmende.noted_beside'::text, true) IS DISTINCT FROM 'yes'::text))) EXECUTE FUNCTION public.note_beside();

CREATE TRIGGER zz_note_change AFTER DELETE OR TRUNCATE ON public.actor_counts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.actor_notes FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR UPDATE OF id, uri, kind, local, role_here, name, host, display_name, display_names, summary, url, inbox, shared_inbox, outbox, followers, following, featured, upcoming, locked, discoverable, indexable, fields, also_known_as, moved_to, moved_at, icon_id, banner_id, icon_url, banner_url, place_id, public_key_id, public_key, multikey_id, multikey, private_key, ed25519_private, published_at, created_at, updated_at, suspended_at, limited_at, deleted_at, host_suspended, host_limited, bot, hide_collections, attribution_domains, sensitized_at, frozen_at, suspended_there OR TRUNCATE ON public.actors FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change_of_people();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.alarms FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.announcement_reactions FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.announcement_reads FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.announcements FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.answer_messages FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.answered FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.answers FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.appeals FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.applications FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.apps FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.areas FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.back_ups FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.ballots FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.blocked_domains FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.blocks FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.bookmarks FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.calendar_keys FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.calls FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR TRUNCATE ON public.cards FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.case_links FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.case_notes FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.case_posts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.case_templates FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.check_ups FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.circle_hubs FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.co_hosts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.collection_items FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.collections FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.contact_messages FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.conversation_reads FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.decision_rules FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.digests FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.dismissed_suggestions FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.domain_lists FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.drafts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.editors FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change_of_people();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.edits FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.emojis FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.endorsements FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.event_splits FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.event_tellings FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.exports FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.featured FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.featured_tags FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.filter_keywords FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.filter_posts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.filters FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.findings FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.followed_tags FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.follows FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.gone FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.group_members FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.held FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.hub FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.import_rows FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.imports FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.invitations FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.kept_lines FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.known_devices FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.known_hubs FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.leavings FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.list_members FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.lists FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.log FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.mail_choices FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.mandates FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change_of_people();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.markers FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.matches FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.matching_profiles FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.measures FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR TRUNCATE ON public.media FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.members FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR UPDATE OR TRUNCATE ON public.mentions FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.muted_threads FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.mutes FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.notification_permissions FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.notification_policies FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.notifications FOR EACH STATEMENT WHEN (((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text) AND (current_setting('allmende.noted_beside'::text, true) IS DISTINCT FROM 'yes'::text))) EXECUTE FUNCTION public.note_beside();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.offers FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.origins FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.passkeys FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.places FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR UPDATE OR TRUNCATE ON public.post_media FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR UPDATE OR TRUNCATE ON public.post_tags FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER DELETE OR TRUNCATE ON public.posts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.profile_links FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.profile_sources FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.push_subscriptions FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.quotes FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER UPDATE OR TRUNCATE ON public.reactions FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.recommendations FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.recovery_codes FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.reports FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.reserved_names FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.roles FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change_of_people();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.rsvp_requests FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.rsvp_terms FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.rsvps FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.scheduled_posts FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.severed FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OF account_id, acting_actor_id, app_id, revoked_at, scopes, token_hash OR TRUNCATE ON public.tokens FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change_of_people();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.totp FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.votes FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_delete AFTER DELETE ON public.reactions REFERENCING OLD TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_liked();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.actor_counts REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_counted();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.actors FOR EACH STATEMENT WHEN ((current_setting('allmende.noted_people'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_new_people();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.cards FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_beside();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.events REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_parts();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.media FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_beside();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.mentions REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_parts();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.post_media REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_parts();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.post_tags REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_parts();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.posts REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_new_posts();

CREATE TRIGGER zz_note_insert AFTER INSERT ON public.reactions REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_liked();

CREATE TRIGGER zz_note_rewritten AFTER UPDATE ON public.cards FOR EACH ROW WHEN (((old.* IS DISTINCT FROM new.*) AND (current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text))) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_rewritten AFTER UPDATE OF id, uri, url, kind, type, local, actor_id, written_by, audience, group_id, recipients, in_reply_to, in_reply_to_id, context, boost_of_id, language, versions, sensitive, tags, area, attachments, quote, rsvp_for_id, search, published_at, updated_at, received_at, deleted_at, quote_policy, app_id, made_sensitive ON public.posts FOR EACH ROW WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_change();

CREATE TRIGGER zz_note_update AFTER UPDATE ON public.actor_counts REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_counted();

CREATE TRIGGER zz_note_update AFTER UPDATE ON public.media REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_media();

CREATE TRIGGER zz_note_update AFTER UPDATE ON public.posts REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN ((current_setting('allmende.noted'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION public.note_posts();

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.actor_counts
    ADD CONSTRAINT actor_counts_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.actor_notes
    ADD CONSTRAINT actor_notes_about_id_fkey FOREIGN KEY (about_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.actor_notes
    ADD CONSTRAINT actor_notes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.actors
    ADD CONSTRAINT actors_banner_id_fkey FOREIGN KEY (banner_id) REFERENCES public.media(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.actors
    ADD CONSTRAINT actors_icon_id_fkey FOREIGN KEY (icon_id) REFERENCES public.media(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.actors
    ADD CONSTRAINT actors_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id);

ALTER TABLE ONLY public.announcement_reactions
    ADD CONSTRAINT announcement_reactions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.announcement_reactions
    ADD CONSTRAINT announcement_reactions_announcement_id_fkey FOREIGN KEY (announcement_id) REFERENCES public.announcements(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.announcement_reads
    ADD CONSTRAINT announcement_reads_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.announcement_reads
    ADD CONSTRAINT announcement_reads_announcement_id_fkey FOREIGN KEY (announcement_id) REFERENCES public.announcements(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.answer_messages
    ADD CONSTRAINT answer_messages_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES public.answers(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.answer_messages
    ADD CONSTRAINT answer_messages_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.answered
    ADD CONSTRAINT answered_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_reply_id_fkey FOREIGN KEY (reply_id) REFERENCES public.posts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_measure_id_fkey FOREIGN KEY (measure_id) REFERENCES public.measures(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_app_id_fkey FOREIGN KEY (app_id) REFERENCES public.apps(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES public.invitations(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.areas
    ADD CONSTRAINT areas_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.areas
    ADD CONSTRAINT areas_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.areas(name);

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_acting_actor_id_fkey FOREIGN KEY (acting_actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_app_id_fkey FOREIGN KEY (app_id) REFERENCES public.apps(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.ballots
    ADD CONSTRAINT ballots_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.ballots
    ADD CONSTRAINT ballots_measure_id_fkey FOREIGN KEY (measure_id) REFERENCES public.measures(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocked_domains
    ADD CONSTRAINT blocked_domains_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_blocker_id_fkey FOREIGN KEY (blocker_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calendar_keys
    ADD CONSTRAINT calendar_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_media_id_fkey FOREIGN KEY (media_id) REFERENCES public.media(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT case_links_one_id_fkey FOREIGN KEY (one_id) REFERENCES public.reports(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT case_links_other_id_fkey FOREIGN KEY (other_id) REFERENCES public.reports(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.case_notes
    ADD CONSTRAINT case_notes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.case_notes
    ADD CONSTRAINT case_notes_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.case_posts
    ADD CONSTRAINT case_posts_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.circle_hubs
    ADD CONSTRAINT circle_hubs_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.circle_hubs
    ADD CONSTRAINT circle_hubs_by_fkey FOREIGN KEY (by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.co_hosts
    ADD CONSTRAINT co_hosts_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.co_hosts
    ADD CONSTRAINT co_hosts_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.collection_items
    ADD CONSTRAINT collection_items_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.collection_items
    ADD CONSTRAINT collection_items_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES public.collections(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.collections
    ADD CONSTRAINT collections_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.contact_messages
    ADD CONSTRAINT contact_messages_done_by_fkey FOREIGN KEY (done_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.conversation_reads
    ADD CONSTRAINT conversation_reads_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activities(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_signer_id_fkey FOREIGN KEY (signer_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.dismissed_suggestions
    ADD CONSTRAINT dismissed_suggestions_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.dismissed_suggestions
    ADD CONSTRAINT dismissed_suggestions_suggested_id_fkey FOREIGN KEY (suggested_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.domain_lists
    ADD CONSTRAINT domain_lists_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.domain_lists
    ADD CONSTRAINT domain_lists_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.domain_lists
    ADD CONSTRAINT domain_lists_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_list_id_fkey FOREIGN KEY (list_id) REFERENCES public.domain_lists(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_measure_id_fkey FOREIGN KEY (measure_id) REFERENCES public.measures(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.editors
    ADD CONSTRAINT editors_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.editors
    ADD CONSTRAINT editors_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.editors
    ADD CONSTRAINT editors_named_by_fkey FOREIGN KEY (named_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.edits
    ADD CONSTRAINT edits_edited_by_fkey FOREIGN KEY (edited_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.edits
    ADD CONSTRAINT edits_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.emojis
    ADD CONSTRAINT emojis_media_id_fkey FOREIGN KEY (media_id) REFERENCES public.media(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.endorsements
    ADD CONSTRAINT endorsements_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.endorsements
    ADD CONSTRAINT endorsements_endorsed_id_fkey FOREIGN KEY (endorsed_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.event_splits
    ADD CONSTRAINT event_splits_one_id_fkey FOREIGN KEY (one_id) REFERENCES public.events(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.event_splits
    ADD CONSTRAINT event_splits_other_id_fkey FOREIGN KEY (other_id) REFERENCES public.events(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.event_splits
    ADD CONSTRAINT event_splits_split_by_fkey FOREIGN KEY (split_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.event_tellings
    ADD CONSTRAINT event_tellings_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.event_tellings
    ADD CONSTRAINT event_tellings_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.exports
    ADD CONSTRAINT exports_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.featured
    ADD CONSTRAINT featured_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.featured
    ADD CONSTRAINT featured_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.featured_tags
    ADD CONSTRAINT featured_tags_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.filter_keywords
    ADD CONSTRAINT filter_keywords_filter_id_fkey FOREIGN KEY (filter_id) REFERENCES public.filters(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.filter_posts
    ADD CONSTRAINT filter_posts_filter_id_fkey FOREIGN KEY (filter_id) REFERENCES public.filters(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.filter_posts
    ADD CONSTRAINT filter_posts_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.filters
    ADD CONSTRAINT filters_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_born_of_id_fkey FOREIGN KEY (born_of_id) REFERENCES public.posts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.followed_tags
    ADD CONSTRAINT followed_tags_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_followed_id_fkey FOREIGN KEY (followed_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_scheduled_id_fkey FOREIGN KEY (scheduled_id) REFERENCES public.scheduled_posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.imports(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.kept_lines
    ADD CONSTRAINT kept_lines_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.known_hubs
    ADD CONSTRAINT known_hubs_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.known_hubs
    ADD CONSTRAINT known_hubs_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.leavings
    ADD CONSTRAINT leavings_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.list_members
    ADD CONSTRAINT list_members_list_id_fkey FOREIGN KEY (list_id) REFERENCES public.lists(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.list_members
    ADD CONSTRAINT list_members_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lists
    ADD CONSTRAINT lists_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mail_attachments
    ADD CONSTRAINT mail_attachments_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES public.mails(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mail_choices
    ADD CONSTRAINT mail_choices_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mail_keys
    ADD CONSTRAINT mail_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mandates
    ADD CONSTRAINT mandates_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mandates
    ADD CONSTRAINT mandates_deputy_id_fkey FOREIGN KEY (deputy_id) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.mandates
    ADD CONSTRAINT mandates_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.mandates
    ADD CONSTRAINT mandates_role_fkey FOREIGN KEY (role) REFERENCES public.roles(name);

ALTER TABLE ONLY public.markers
    ADD CONSTRAINT markers_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.markers
    ADD CONSTRAINT markers_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.matches
    ADD CONSTRAINT matches_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.matches
    ADD CONSTRAINT matches_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.matching_profiles
    ADD CONSTRAINT matching_profiles_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.actors(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.muted_threads
    ADD CONSTRAINT muted_threads_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_muted_id_fkey FOREIGN KEY (muted_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notice_mails
    ADD CONSTRAINT notice_mails_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_permissions
    ADD CONSTRAINT notification_permissions_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_permissions
    ADD CONSTRAINT notification_permissions_from_id_fkey FOREIGN KEY (from_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_policies
    ADD CONSTRAINT notification_policies_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_from_id_fkey FOREIGN KEY (from_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.offers
    ADD CONSTRAINT offers_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.offers
    ADD CONSTRAINT offers_from_mandate_id_fkey FOREIGN KEY (from_mandate_id) REFERENCES public.mandates(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.offers
    ADD CONSTRAINT offers_measure_id_fkey FOREIGN KEY (measure_id) REFERENCES public.measures(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.offers
    ADD CONSTRAINT offers_role_fkey FOREIGN KEY (role) REFERENCES public.roles(name);

ALTER TABLE ONLY public.origins
    ADD CONSTRAINT origins_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.pending_sign_ins
    ADD CONSTRAINT pending_sign_ins_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_media_id_fkey FOREIGN KEY (media_id) REFERENCES public.media(id);

ALTER TABLE ONLY public.post_media
    ADD CONSTRAINT post_media_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.post_tags
    ADD CONSTRAINT post_tags_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_app_id_fkey FOREIGN KEY (app_id) REFERENCES public.apps(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_boost_of_id_fkey FOREIGN KEY (boost_of_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_card_id_fkey FOREIGN KEY (card_id) REFERENCES public.cards(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_rsvp_for_id_fkey FOREIGN KEY (rsvp_for_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_written_by_fkey FOREIGN KEY (written_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.profile_links
    ADD CONSTRAINT profile_links_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.profile_sources
    ADD CONSTRAINT profile_sources_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_quoted_id_fkey FOREIGN KEY (quoted_id) REFERENCES public.posts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recommendations
    ADD CONSTRAINT recommendations_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recommendations
    ADD CONSTRAINT recommendations_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES public.drafts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES public.actors(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_resolved_by_fkey FOREIGN KEY (resolved_by) REFERENCES public.accounts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.rsvp_requests
    ADD CONSTRAINT rsvp_requests_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rsvp_terms
    ADD CONSTRAINT rsvp_terms_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rsvps
    ADD CONSTRAINT rsvps_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);

ALTER TABLE ONLY public.rsvps
    ADD CONSTRAINT rsvps_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(post_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.scheduled_posts
    ADD CONSTRAINT scheduled_posts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.scheduled_posts
    ADD CONSTRAINT scheduled_posts_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.severed
    ADD CONSTRAINT severed_followed_id_fkey FOREIGN KEY (followed_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.severed
    ADD CONSTRAINT severed_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.severed
    ADD CONSTRAINT severed_measure_id_fkey FOREIGN KEY (measure_id) REFERENCES public.measures(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_acting_actor_id_fkey FOREIGN KEY (acting_actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_app_id_fkey FOREIGN KEY (app_id) REFERENCES public.apps(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.totp
    ADD CONSTRAINT totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;
