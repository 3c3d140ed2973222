-- How things are read (one JSON text a row, whole, so that a list is one query), who finds them in lists, and full text.

-- Everything about an actor except its private keys: what stands beside a post.
CREATE VIEW public_actors AS
SELECT id, uri, kind, local, role_here, name, host, display_name, display_names, summary, url, inbox, shared_inbox,
       outbox, followers, following, featured, upcoming, locked, discoverable, indexable, fields, also_known_as, moved_to,
       icon_id, banner_id, icon_url, banner_url, place_id, public_key_id, public_key, multikey_id, multikey,
       published_at, created_at, updated_at, fetched_at, backfilled_at, suspended_at, limited_at, host_suspended,
       host_limited, deleted_at
  FROM actors;

CREATE VIEW place_documents AS
SELECT id, json_build_object('name', name, 'street', street, 'postal_code', postal_code, 'locality', locality,
                             'region', region, 'country', country, 'latitude', latitude, 'longitude', longitude,
                             'uri', uri) AS place
  FROM places;

-- One row per post in the shape of schemas.records.Post, less the boosted post.
CREATE VIEW things AS
SELECT p.id, p.uri, p.url, p.kind, p.type, p.local, p.written_by, p.audience, p.group_id, p.recipients, p.in_reply_to,
       p.in_reply_to_id, p.context, p.boost_of_id, p.language, p.versions, p.sensitive, p.tags, p.area, p.poll, p.quote,
       p.rsvp_for_id, p.replies_count, p.likes_count, p.boosts_count, p.published_at, p.updated_at, p.received_at,
       p.deleted_at,
       (SELECT row_to_json(a) FROM public_actors a WHERE a.id = p.actor_id) AS actor,
       (SELECT coalesce(json_agg(a ORDER BY a.id), '[]')
          FROM mentions m
          JOIN public_actors a ON a.id = m.actor_id
         WHERE m.post_id = p.id AND NOT m.silent) AS mentions,
       -- A medium that went through the pipeline is served from here; what the author said of it stays.
       (SELECT coalesce(json_agg(CASE WHEN medium.id IS NULL THEN said.value ELSE json_build_object(
                   'url', hub.base_url || '/media/' || medium.path,
                   'preview_url', hub.base_url || '/media/' || medium.preview_path,
                   'media_type', medium.media_type,
                   'alt', said.value -> 'alt',
                   'blurhash', medium.blurhash,
                   'width', medium.width,
                   'height', medium.height,
                   'focus', said.value -> 'focus',
                   'media_id', medium.id) END ORDER BY said.ordinality), '[]')
          FROM json_array_elements(p.attachments) WITH ORDINALITY AS said
          LEFT JOIN (media AS medium JOIN hub ON true)
            ON medium.id = (said.value ->> 'media_id')::bigint AND medium.state = 'ready') AS attachments,
       (SELECT series FROM events WHERE post_id = p.id) AS series,
       (SELECT row_to_json(detail)
          FROM (SELECT e.starts_at, e.starts_local, e.zone, e.ends_at, e.ends_local, e.previous_start, e.status,
                       (SELECT place FROM place_documents WHERE id = e.place_id) AS place,
                       e.online_url, e.capacity, e.waiting_list, e.join_mode, e.external_url, e.categories,
                       e.organisers, e.rrule, e.sequence, e.going
                  FROM events e
                 WHERE e.post_id = p.id) detail) AS event,
       (SELECT row_to_json(detail)
          FROM (SELECT f.finding_kind, f.claim, f.reasons, f.scope, f.born_of, f.sources, f.contributors, f.license,
                       f.state
                  FROM findings f
                 WHERE f.post_id = p.id) detail) AS finding,
       (SELECT row_to_json(detail)
          FROM (SELECT c.purpose, c.skills, c.effort, c.effort_hours, c.remote,
                       (SELECT place FROM place_documents WHERE id = c.place_id) AS place,
                       c.zone, c.deadline, c.begins, c.ends, c.places, c.places_taken, c.respond_by, c.contact, c.state,
                       c.intent_uri
                  FROM calls c
                 WHERE c.post_id = p.id) detail) AS call
  FROM posts p;

-- The whole record as JSON text. `json` keeps the order of keys, and so does text.
CREATE VIEW post_records AS
SELECT t.id,
       (SELECT row_to_json(whole)::text
          FROM (SELECT t.*, (SELECT row_to_json(b) FROM things b WHERE b.id = t.boost_of_id) AS boost_of) whole) AS record
  FROM things t;

-- What shows up in lists that nobody asked by address: may_see, less what is unlisted, addressed to single people, from
-- authors who are limited (unless the viewer follows them) or whom the viewer blocks, and polls that only carry an RSVP.
CREATE FUNCTION in_lists(post posts, viewer bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF post.audience IN ('unlisted', 'direct') OR post.rsvp_for_id IS NOT NULL OR NOT may_see(post, viewer) THEN
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

-- Full text: each language version is indexed in its own language; a question is asked in all of them at once.
CREATE FUNCTION search_words(language text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE split_part(lower(language), '-', 1)
               WHEN 'en' THEN 'pg_catalog.english'::regconfig
               WHEN 'de' THEN 'pg_catalog.german'::regconfig
               WHEN 'fr' THEN 'pg_catalog.french'::regconfig
               ELSE 'pg_catalog.simple'::regconfig
           END
$$;

CREATE AGGREGATE search_sum(tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');

CREATE FUNCTION search_index(languages text[], titles text[], bodies text[], tags text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT search_sum(
               setweight(to_tsvector(search_words(language), title), 'A')
               || setweight(to_tsvector(search_words(language), body), 'C'))
           || setweight(to_tsvector('pg_catalog.simple', array_to_string(tags, ' ')), 'B')
      FROM unnest(languages, titles, bodies) AS version (language, title, body)
$$;

CREATE FUNCTION search_question(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT websearch_to_tsquery('pg_catalog.simple', words)
        || websearch_to_tsquery('pg_catalog.english', words)
        || websearch_to_tsquery('pg_catalog.german', words)
        || websearch_to_tsquery('pg_catalog.french', words)
$$;

-- What was answered to a request that carried an Idempotency-Key: the same key and account get the same answer.
CREATE TABLE answered (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    key        text NOT NULL,
    request    bytea NOT NULL,
    status     int,
    headers    json NOT NULL DEFAULT '{}',
    body       text,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX answered_at ON answered (at);

-- What was said of a post goes with it.
CREATE INDEX activities_post ON activities (post_id) WHERE post_id IS NOT NULL;

-- Calendars are read in the order of dates, page by page.
CREATE INDEX events_calendar ON events (starts_at, post_id);

-- When an event counts as over: an open end is taken for half a day.
CREATE FUNCTION over_at(event events) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((event).ends_at, (event).starts_at + interval '12 hours')
$$;
