-- Hubs that were heard of are checked before anybody sees them; whose lists were read when; one poll per event; what is
-- told about an answer is told each time.

ALTER TABLE known_hubs DROP CONSTRAINT known_hubs_state_check;
ALTER TABLE known_hubs ADD CHECK (state IN ('heard', 'refused', 'suggested', 'approved', 'dismissed'));
ALTER TABLE known_hubs ADD COLUMN read_at timestamptz;
CREATE INDEX known_hubs_via ON known_hubs (seen_via, seen_at);

CREATE UNIQUE INDEX posts_rsvp_poll ON posts (rsvp_for_id)
    WHERE rsvp_for_id IS NOT NULL AND poll IS NOT NULL AND local AND deleted_at IS NULL;
CREATE INDEX posts_rsvp_for ON posts (rsvp_for_id) WHERE rsvp_for_id IS NOT NULL;

DROP INDEX notifications_once;
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, kind, from_id, post_id)
    WHERE post_id IS NOT NULL AND kind NOT IN ('rsvp', 'update', 'answer', 'answer_decided');
CREATE UNIQUE INDEX notifications_hub_once ON notifications (account_id, from_id) WHERE kind = 'suggested_hub';
