-- How much was ever put down for workers: whoever asks twice in a transaction knows whether there is something to do that
-- was not there before, without looking at the queues. Sequences count at once and for all, also what is not committed
-- yet, so it may say yes for another's sake; that one tells of it, too.
CREATE FUNCTION work_put() RETURNS bigint
    LANGUAGE sql VOLATILE
    AS $$
    SELECT coalesce(pg_sequence_last_value('jobs_id_seq'), 0) + coalesce(pg_sequence_last_value('deliveries_id_seq'), 0)
         + coalesce(pg_sequence_last_value('mails_id_seq'), 0)
$$;
