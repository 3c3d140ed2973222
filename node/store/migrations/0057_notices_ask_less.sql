-- Whether a notice is shown is asked by functions, whose calls cost more than all that they ask; for most notices the
-- view itself knows.
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
           WHEN 'collection_update' THEN n.kind
           ELSE 'allmende.' || n.kind
       END AS type,
       CASE n.kind
           WHEN 'like' THEN 'favourite-' || n.post_id || '-' || floor(extract(epoch FROM n.created_at) / 43200)
           WHEN 'boost' THEN 'reblog-' || n.post_id || '-' || floor(extract(epoch FROM n.created_at) / 43200)
           WHEN 'follow' THEN 'follow-' || floor(extract(epoch FROM n.created_at) / 43200)
           ELSE 'ungrouped-' || n.id
       END AS group_key,
       n.from_id IS NOT NULL
           AND CASE WHEN n.kind = 'report' THEN true
                    -- Most tellers: nothing that is asked here is asked again.
                    WHEN EXISTS (SELECT FROM actors a
                                  WHERE a.id = n.from_id AND a.suspended_at IS NULL AND a.deleted_at IS NULL
                                    AND NOT a.host_suspended)
                     AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = n.actor_id AND blocked_id = n.from_id)
                     AND NOT EXISTS (SELECT FROM mutes WHERE mutes.actor_id = n.actor_id AND muted_id = n.from_id)
                     AND NOT EXISTS (SELECT FROM blocked_domains d WHERE d.actor_id = n.actor_id)
                    THEN true
                    ELSE NOT hushes(n.actor_id, n.from_id) END
           AND CASE WHEN n.kind IN ('added_to_collection', 'collection_update')
                    THEN EXISTS (SELECT FROM collection_items i
                                  WHERE i.collection_id = (n.detail ->> 'collection')::bigint
                                    AND i.actor_id = n.actor_id AND i.revoked_at IS NULL)
                    WHEN n.post_id IS NULL
                    THEN n.kind IN ('follow', 'follow_request', 'follow_accepted', 'suggested_hub', 'report')
                    ELSE EXISTS (
                        SELECT FROM posts p
                         WHERE p.id = n.post_id
                           AND CASE WHEN p.audience IN ('public', 'unlisted') AND p.boost_of_id IS NULL
                                     AND p.deleted_at IS NULL
                                     AND EXISTS (SELECT FROM actors a
                                                  WHERE a.id = p.actor_id AND a.suspended_at IS NULL
                                                    AND a.deleted_at IS NULL AND NOT a.host_suspended)
                                     AND NOT EXISTS (SELECT FROM blocks
                                                      WHERE blocker_id = p.actor_id AND blocked_id = n.actor_id)
                                    THEN true
                                    ELSE may_see(p, n.actor_id) END) END
           AND (n.kind <> 'follow_request' OR EXISTS (
                   SELECT FROM follows f
                    WHERE f.follower_id = n.from_id AND f.followed_id = n.actor_id AND f.state = 'pending')) AS shown
  FROM notifications n;
