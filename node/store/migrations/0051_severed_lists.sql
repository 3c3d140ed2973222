-- In which lists of the follower somebody stood whom a suspension cut off: they come back with the follow.

ALTER TABLE severed ADD COLUMN lists bigint[] NOT NULL DEFAULT '{}';
