-- Who is named as holding an event but has not agreed: asked here and yet to answer, or answered no; or somebody of
-- another server, whom nobody can ask in a way that servers understand. Who agrees moves into events.organisers.
CREATE TABLE co_hosts (
    event_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    state    text NOT NULL CHECK (state IN ('asked', 'declined', 'named')),
    PRIMARY KEY (event_id, actor_id)
);
CREATE INDEX co_hosts_actor ON co_hosts (actor_id);
