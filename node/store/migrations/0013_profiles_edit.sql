-- What members keep and change from client apps: what they wrote of themselves, lists of blocks, rules in reports.

ALTER TABLE blocks ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;

ALTER TABLE reports ADD COLUMN rule_ids text[] NOT NULL DEFAULT '{}';
CREATE INDEX reports_reporter ON reports (reporter_id, id) WHERE from_host IS NULL;

CREATE TABLE profile_sources (
    actor_id bigint PRIMARY KEY REFERENCES actors ON DELETE CASCADE,
    summary text NOT NULL DEFAULT ''
);

CREATE INDEX follows_requested ON follows (followed_id, id) WHERE state = 'pending';
CREATE INDEX actors_names ON actors USING gin (lower(name || ' ' || display_name) gin_trgm_ops);
CREATE INDEX emojis_media ON emojis (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX media_owner ON media (owner_id) WHERE owner_id IS NOT NULL;

-- Whether somebody may stand in a list that a viewer (NULL: a stranger) reads.
CREATE FUNCTION may_be_listed(one bigint, viewer bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (one = viewer) IS TRUE OR (
        EXISTS (SELECT FROM actors a
                 WHERE a.id = one AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.host_suspended
                   AND (NOT a.host_limited AND a.limited_at IS NULL
                        OR EXISTS (SELECT FROM follows f
                                    WHERE f.follower_id = viewer AND f.followed_id = one AND f.state = 'accepted')))
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = one AND b.blocked_id = viewer)
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = viewer AND b.blocked_id = one));
