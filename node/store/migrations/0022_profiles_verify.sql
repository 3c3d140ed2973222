-- Links of profiles, and since when the page behind one is known to link back (rel="me"); and films without a sound.

CREATE TABLE profile_links (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    url text NOT NULL,
    verified_at timestamptz,
    checked_at timestamptz,
    PRIMARY KEY (actor_id, url)
);
CREATE INDEX profile_links_due ON profile_links (checked_at NULLS FIRST);

-- Clients let a film without a sound play by itself, again and again. Of older ones it is not known.
ALTER TABLE media ADD COLUMN silent boolean;
