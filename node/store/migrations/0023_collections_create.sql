-- Collections: people whom somebody recommends together. Whoever is in one may take themselves out of it, and is then
-- not put into it again.

CREATE TABLE collections (
    id bigint PRIMARY KEY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    language text,
    sensitive boolean NOT NULL DEFAULT false,
    discoverable boolean NOT NULL DEFAULT true,
    tag text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX collections_actor ON collections (actor_id, id);

CREATE TABLE collection_items (
    id bigint PRIMARY KEY,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (collection_id, actor_id)
);
CREATE INDEX collection_items_actor ON collection_items (actor_id, collection_id);

-- Whom somebody takes into a collection hears of it, as long as they are in it.
CREATE OR REPLACE VIEW notices AS
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
           WHEN 'added_to_collection' THEN n.kind
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
           AND CASE WHEN n.kind = 'added_to_collection'
                    THEN EXISTS (SELECT FROM collection_items i
                                  WHERE i.collection_id = (n.detail ->> 'collection')::bigint
                                    AND i.actor_id = n.actor_id AND i.revoked_at IS NULL)
                    WHEN n.post_id IS NULL
                    THEN n.kind IN ('follow', 'follow_request', 'follow_accepted', 'suggested_hub', 'report')
                    ELSE EXISTS (SELECT FROM posts p WHERE p.id = n.post_id AND may_see(p, n.actor_id)) END
           AND (n.kind <> 'follow_request' OR EXISTS (
                   SELECT FROM follows f
                    WHERE f.follower_id = n.from_id AND f.followed_id = n.actor_id AND f.state = 'pending')) AS shown
  FROM notifications n;
