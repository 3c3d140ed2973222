-- What a member tells only some: lines of a profile that are not for everybody, and who may read what they can do.

CREATE TABLE kept_lines (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    position integer NOT NULL CHECK (position >= 0),   -- among all lines of the profile
    audience text NOT NULL CHECK (audience IN ('followers', 'hub', 'self')),
    name     text NOT NULL,
    value    text NOT NULL,                            -- HTML, made of the source
    source   text NOT NULL,
    PRIMARY KEY (actor_id, position)
);

-- Field → audience, of skills, areas, languages and place; what is not named is the member's alone.
ALTER TABLE matching_profiles ADD COLUMN shown json NOT NULL DEFAULT '{}';

-- Whether a viewer may read what its owner tells this audience. Nobody who is blocked reads more than everybody does.
CREATE FUNCTION may_read(audience text, owner bigint, viewer bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN audience = 'public' OR (viewer IS NOT NULL AND (owner = viewer OR (
        NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = owner AND b.blocked_id = viewer)
        AND CASE audience
                WHEN 'hub' THEN EXISTS (
                    SELECT FROM actors a WHERE a.id = viewer AND a.local AND a.role_here IN ('member', 'hub'))
                WHEN 'followers' THEN EXISTS (
                    SELECT FROM follows f
                     WHERE f.follower_id = viewer AND f.followed_id = owner AND f.state = 'accepted')
                ELSE false END)));

CREATE VIEW told_facts AS
SELECT a.actor_id, fact.name, fact.words, coalesce(m.shown ->> fact.name, 'self') AS audience
  FROM matching_profiles m
  JOIN accounts a ON a.id = m.account_id
 CROSS JOIN LATERAL (VALUES ('skills', m.skills), ('areas', m.areas), ('languages', m.languages),
                            ('place', CASE WHEN m.place = '' THEN '{}'::text[] ELSE ARRAY[m.place] END)
                    ) AS fact (name, words)
 WHERE fact.words <> '{}';
