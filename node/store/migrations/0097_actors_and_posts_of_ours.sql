-- Whoever has a part here, and what was said here, is few among all that is known from elsewhere.
CREATE INDEX actors_role_here ON actors (role_here, id) WHERE role_here IS NOT NULL;
CREATE INDEX posts_ours ON posts (published_at) WHERE local AND deleted_at IS NULL;
-- The same as actors_called.
DROP INDEX actors_names;
