-- Statuses as clients know them: by which app, how they looked before each change, cards of links, repeated requests.

ALTER TABLE posts ADD COLUMN app_id bigint REFERENCES apps ON DELETE SET NULL;
CREATE INDEX posts_app ON posts (app_id) WHERE app_id IS NOT NULL;

ALTER TABLE edits
    ADD COLUMN sensitive boolean NOT NULL DEFAULT false,
    ADD COLUMN attachments json NOT NULL DEFAULT '[]',
    ADD COLUMN poll json;

-- What a linked page says of itself. `state`: waiting to be asked, told, or nothing to tell.

CREATE TABLE cards (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'none')),
    title text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    language text,
    author_name text NOT NULL DEFAULT '',
    provider_name text NOT NULL DEFAULT '',
    published_at timestamptz,
    media_id bigint REFERENCES media ON DELETE SET NULL,
    asked_at timestamptz
);
CREATE INDEX cards_media ON cards (media_id) WHERE media_id IS NOT NULL;

ALTER TABLE posts ADD COLUMN card_id bigint REFERENCES cards ON DELETE SET NULL;
CREATE INDEX posts_card ON posts (card_id, id DESC) WHERE card_id IS NOT NULL;

-- The same request sent again within the hour gives what the first one made.

CREATE TABLE idempotency_keys (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    key_hash bytea NOT NULL,
    post_id bigint REFERENCES posts ON DELETE CASCADE,
    scheduled_id bigint REFERENCES scheduled_posts ON DELETE CASCADE,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, key_hash)
);
CREATE INDEX idempotency_keys_post ON idempotency_keys (post_id);
CREATE INDEX idempotency_keys_scheduled ON idempotency_keys (scheduled_id);

-- The record of a post says who may quote it, and the stamp that allows what it quotes.
CREATE OR REPLACE VIEW things AS
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
                 WHERE c.post_id = p.id) detail) AS call,
       p.quote_policy,
       (SELECT authorization_uri FROM quotes WHERE post_id = p.id AND state = 'accepted') AS quote_authorization
  FROM posts p;

-- The whole record as JSON text. `json` keeps the order of keys, and so does text.
CREATE OR REPLACE VIEW post_records AS
SELECT t.id,
       (SELECT row_to_json(whole)::text
          FROM (SELECT t.*, (SELECT row_to_json(b) FROM things b WHERE b.id = t.boost_of_id) AS boost_of) whole) AS record
  FROM things t;
