-- posts_found answers all that this did. In a migration of its own: dropped by the one that made posts_found, both would
-- hold locks on posts for which each waits in vain with whoever had read and now writes.
DROP INDEX posts_search;
