-- Notices in groups, of as many as a page shows: whether a notice may be shown is asked (which takes most of the time)
-- until the page has its groups, and then only of what belongs to these.
CREATE FUNCTION notice_groups(
    after bigint, before bigint, most_groups integer, account bigint, actor bigint, types text[], sender bigint,
    with_filtered boolean, only_key text, grouped text[], most_notices integer, most_senders integer, forward boolean
) RETURNS TABLE (key text, count bigint, newest bigint, oldest bigint, from_ids bigint[])
    LANGUAGE plpgsql STABLE
    AS $$
#variable_conflict use_column
DECLARE
    walk refcursor;
    one record;
    ids bigint[] := '{}';
    senders bigint[] := '{}';
    keys text[] := '{}';
    groups text[] := '{}';
    looked_at integer := 0;
    grows boolean := false;  -- a group of the page may have more notices further on
BEGIN
    IF forward THEN
        OPEN walk FOR
            SELECT n.id, n.from_id, CASE WHEN n.type = ANY (grouped) THEN n.group_key ELSE 'ungrouped-' || n.id END AS key
              FROM notices n
             WHERE n.id > after AND n.id < before AND n.account_id = account AND n.actor_id = actor
               AND n.type = ANY (types) AND (sender IS NULL OR n.from_id = sender) AND (with_filtered OR NOT n.filtered)
               AND (only_key IS NULL OR n.group_key = only_key)
             ORDER BY n.id ASC;
    ELSE
        OPEN walk FOR
            SELECT n.id, n.from_id, CASE WHEN n.type = ANY (grouped) THEN n.group_key ELSE 'ungrouped-' || n.id END AS key
              FROM notices n
             WHERE n.id > after AND n.id < before AND n.account_id = account AND n.actor_id = actor
               AND n.type = ANY (types) AND (sender IS NULL OR n.from_id = sender) AND (with_filtered OR NOT n.filtered)
               AND (only_key IS NULL OR n.group_key = only_key)
             ORDER BY n.id DESC;
    END IF;
    LOOP
        FETCH walk INTO one;
        EXIT WHEN NOT FOUND OR cardinality(ids) >= most_notices
            OR (cardinality(groups) >= most_groups AND (looked_at >= most_notices OR NOT grows));
        looked_at := looked_at + 1;
        CONTINUE WHEN cardinality(groups) >= most_groups AND one.key <> ALL (groups);
        CONTINUE WHEN NOT (SELECT n.shown FROM notices n WHERE n.id = one.id);
        ids := ids || one.id;
        senders := senders || one.from_id;
        keys := keys || one.key;
        IF one.key <> ALL (groups) THEN
            groups := groups || one.key;
            grows := grows OR one.key NOT LIKE 'ungrouped-%';
        END IF;
    END LOOP;
    CLOSE walk;
    RETURN QUERY
        SELECT own.key, count(*), max(own.id), min(own.id),
               (array_agg(own.sender ORDER BY own.id DESC))[1:most_senders]
          FROM unnest(ids, senders, keys) AS own (id, sender, key)
         GROUP BY own.key;
END
$$;
