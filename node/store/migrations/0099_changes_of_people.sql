-- Whether a transaction wrote something that says who asks, and what they may do: most do not, and then it need not be
-- asked again. Noted by itself, whatever else the transaction wrote before.
ALTER TABLE changes ADD COLUMN people boolean NOT NULL DEFAULT false;
CREATE INDEX changes_people ON changes (xid) WHERE people;

CREATE FUNCTION note_change_of_people() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, people) VALUES (pg_current_xact_id(), true)
        ON CONFLICT (xid) DO UPDATE SET people = true;
    PERFORM set_config('allmende.noted', 'yes', true), set_config('allmende.noted_people', 'yes', true);
    RETURN NULL;
END
$$;

-- All that a token's bearer is read from.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accounts', 'actors', 'editors', 'mandates', 'roles'] LOOP
        EXECUTE format('DROP TRIGGER zz_note_change ON %I', name);
        EXECUTE format(
            'CREATE TRIGGER zz_note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT'
            ' WHEN (current_setting(''allmende.noted_people'', true) IS DISTINCT FROM ''yes'')'
            ' EXECUTE FUNCTION note_change_of_people()', name);
    END LOOP;
END
$$;

-- When a token was used last is no change.
DROP TRIGGER zz_note_change ON tokens;
CREATE TRIGGER zz_note_change
    AFTER INSERT OR UPDATE OF account_id, acting_actor_id, app_id, revoked_at, scopes, token_hash OR DELETE OR TRUNCATE
    ON tokens FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted_people', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_change_of_people();
