-- Of whose posts this hub heard: followed by the hub itself, or no person and followed by somebody here. A list looks
-- there once; `in_network` was asked of each post.
CREATE VIEW tellers AS
SELECT f.followed_id AS id
  FROM follows f
  JOIN actors me ON me.id = f.follower_id AND me.local
  JOIN actors teller ON teller.id = f.followed_id
 WHERE f.state = 'accepted' AND (me.role_here IN ('hub', 'instance', 'area') OR teller.kind <> 'Person');

DROP FUNCTION in_network(posts);
