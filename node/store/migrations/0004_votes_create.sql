-- What others answer: votes in polls, answers found again by the activity they came with, and marks of what was gone
-- before it came, which count for who set them and for nobody else of that server.

ALTER TABLE gone RENAME COLUMN actor_host TO actor_uri;
ALTER TABLE gone DROP CONSTRAINT gone_pkey;
ALTER TABLE gone ADD PRIMARY KEY (uri, actor_uri);
CREATE INDEX gone_at ON gone (gone_at);

CREATE INDEX rsvps_activity ON rsvps (activity_uri) WHERE activity_uri IS NOT NULL;

-- option: its place in the poll, from 0.
CREATE TABLE votes (
    post_id  bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    option   int NOT NULL CHECK (option >= 0),
    voted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (post_id, actor_id, option)
);
