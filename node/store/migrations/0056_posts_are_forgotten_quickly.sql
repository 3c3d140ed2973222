-- Whoever forgets a post asks these tables whether they name it.
CREATE INDEX notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX featured_post ON featured (post_id);
