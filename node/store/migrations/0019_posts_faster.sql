-- How a post is read: a function whose parts are planned once per connection and run only where the kind of post has
-- them, in place of a view whose thirty sub-selects were planned for each list and prepared for each row.

DROP VIEW post_records;
DROP VIEW things;

-- A medium that went through the pipeline is served from here; what the author said of it stays.
CREATE FUNCTION shown_attachments(attachments json) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT json_agg(CASE WHEN medium.id IS NULL THEN said.value ELSE json_build_object(
                   'url', hub.base_url || '/media/' || medium.path,
                   'preview_url', hub.base_url || '/media/' || medium.preview_path,
                   'media_type', medium.media_type,
                   'alt', said.value -> 'alt',
                   'blurhash', medium.blurhash,
                   'width', medium.width,
                   'height', medium.height,
                   'focus', said.value -> 'focus',
                   'media_id', medium.id) END ORDER BY said.ordinality)
          FROM json_array_elements(attachments) WITH ORDINALITY AS said
          LEFT JOIN (media AS medium JOIN hub ON true)
            ON medium.id = (said.value ->> 'media_id')::bigint AND medium.state = 'ready');
END
$$;

CREATE FUNCTION event_detail(event_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT e.starts_at, e.starts_local, e.zone, e.ends_at, e.ends_local, e.previous_start, e.status,
                       (SELECT place FROM place_documents WHERE id = e.place_id) AS place,
                       e.online_url, e.capacity, e.waiting_list, e.join_mode, e.external_url, e.categories,
                       e.organisers, e.rrule, e.sequence, e.going
                  FROM events e
                 WHERE e.post_id = event_id) detail);
END
$$;

CREATE FUNCTION finding_detail(finding_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT f.finding_kind, f.claim, f.reasons, f.scope, f.born_of, f.sources, f.contributors, f.license,
                       f.state
                  FROM findings f
                 WHERE f.post_id = finding_id) detail);
END
$$;

CREATE FUNCTION call_detail(call_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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

-- A post in the shape of schemas.records.Post. `json` keeps the order of keys.
CREATE FUNCTION post_json(p posts) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
                       boosted AS boost_of) whole);
END
$$;

-- The whole record as JSON text.
CREATE VIEW post_records AS
SELECT p.id, post_json(p)::text AS record FROM posts p;

-- Who looks after an actor of ours, planned once per connection and found by keys.
CREATE OR REPLACE FUNCTION accounts_behind(actor bigint) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE AS $$
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
