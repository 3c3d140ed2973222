-- Which transactions wrote something that answers may be made of: whoever remembers an answer finds out here whether it
-- still is what the database would say. Kept for as long as answers are remembered.
CREATE TABLE changes (
    xid xid8 PRIMARY KEY,
    at  timestamptz NOT NULL DEFAULT now()
);

-- The mark goes with the transaction, and with a savepoint that is rolled back, as the row does.
CREATE FUNCTION note_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    PERFORM set_config('allmende.noted', 'yes', true);
    RETURN NULL;
END
$$;

-- Every table, but for those of queues, of doors and of the node's own books. A new table needs its trigger, too.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables
         WHERE schemaname = 'public'
           AND tablename NOT IN (
               'arrivals', 'attempts', 'authorization_codes', 'changes', 'deliveries', 'happenings', 'hosts',
               'idempotency_keys', 'jobs', 'journal', 'mail_attachments', 'mail_keys', 'mails', 'migrations',
               'notice_mails', 'pending_sign_ins', 'sessions', 'tallies', 'tokens', 'traces', 'walks')
    LOOP
        EXECUTE format(
            'CREATE TRIGGER zz_note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT'
            ' WHEN (current_setting(''allmende.noted'', true) IS DISTINCT FROM ''yes'')'
            ' EXECUTE FUNCTION note_change()', name);
    END LOOP;
END
$$;

-- When a token was used last is no change.
CREATE TRIGGER zz_note_change
    AFTER INSERT OR UPDATE OF account_id, acting_actor_id, app_id, revoked_at, scopes, token_hash OR DELETE OR TRUNCATE
    ON tokens FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_change();
