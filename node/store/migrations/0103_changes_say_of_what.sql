-- Of what a transaction wrote, where that is only what arrives all the time: posts that are new, and what is counted of
-- posts and people. Whoever remembers how others are shown need not look at them again then. `wide`: anything may be
-- another than it was; so it is for all tables and columns that are not named below.
ALTER TABLE changes
    ADD COLUMN wide boolean NOT NULL DEFAULT true,
    ADD COLUMN made bigint[] NOT NULL DEFAULT '{}',     -- posts that are new
    ADD COLUMN parts bigint[] NOT NULL DEFAULT '{}',    -- posts to which mentions, tags and the like came
    ADD COLUMN posts bigint[] NOT NULL DEFAULT '{}',    -- posts that were liked, passed on, or counted anew
    ADD COLUMN counted bigint[] NOT NULL DEFAULT '{}';  -- actors whose posts or follows were counted anew
DROP INDEX changes_people;

CREATE OR REPLACE FUNCTION note_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid) VALUES (pg_current_xact_id()) ON CONFLICT (xid) DO UPDATE SET wide = true;
    PERFORM set_config('allmende.noted', 'yes', true);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION note_change_of_people() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, people) VALUES (pg_current_xact_id(), true)
        ON CONFLICT (xid) DO UPDATE SET people = true, wide = true;
    PERFORM set_config('allmende.noted', 'yes', true), set_config('allmende.noted_people', 'yes', true);
    RETURN NULL;
END
$$;

-- Written, but nothing of how posts and people are shown.
CREATE FUNCTION note_beside() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, wide) VALUES (pg_current_xact_id(), false) ON CONFLICT DO NOTHING;
    PERFORM set_config('allmende.noted_beside', 'yes', true);
    RETURN NULL;
END
$$;

CREATE FUNCTION note_new_people() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes (xid, wide, people) VALUES (pg_current_xact_id(), false, true)
        ON CONFLICT (xid) DO UPDATE SET people = true;
    RETURN NULL;
END
$$;

-- What a new post passes on, and the event of which it is an answer or a question, is shown in another way, too.
CREATE FUNCTION note_new_posts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, made, posts)
    SELECT pg_current_xact_id(), false, array_agg(id), array_remove(array_agg(boost_of_id) || array_agg(rsvp_for_id), NULL)
      FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET made = c.made || excluded.made, posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_parts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, parts)
    SELECT pg_current_xact_id(), false, array_agg(DISTINCT post_id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET parts = c.parts || excluded.parts;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_posts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts)
    SELECT pg_current_xact_id(), false, array_agg(id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_liked() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts)
    SELECT pg_current_xact_id(), false, array_agg(DISTINCT post_id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_counted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, counted)
    SELECT pg_current_xact_id(), false, array_agg(actor_id) FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET counted = c.counted || excluded.counted;
    RETURN NULL;
END
$$;

-- Those who were noted as wide by everything, and are by the rest now. Of posts what is only counted is not; a row
-- trigger, since statements that find nothing to change run all the time.
DO $$
DECLARE
    one record;
    unless text := ' WHEN (current_setting(''allmende.noted'', true) IS DISTINCT FROM ''yes'')';
    columns text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                      WHERE attrelid = 'posts'::regclass AND attnum > 0 AND NOT attisdropped
                        AND attname NOT IN ('likes_count', 'boosts_count', 'replies_count'));
BEGIN
    FOR one IN
        SELECT * FROM (VALUES
            ('posts', 'DELETE OR TRUNCATE'),
            ('mentions', 'UPDATE OR DELETE OR TRUNCATE'),
            ('events', 'UPDATE OR DELETE OR TRUNCATE'),
            ('post_media', 'UPDATE OR DELETE OR TRUNCATE'),
            ('post_tags', 'UPDATE OR DELETE OR TRUNCATE'),
            ('media', 'UPDATE OR DELETE OR TRUNCATE'),
            ('reactions', 'UPDATE OR TRUNCATE'),
            ('actor_counts', 'DELETE OR TRUNCATE')) AS rest (name, deeds)
    LOOP
        EXECUTE format('DROP TRIGGER zz_note_change ON %I', one.name);
        EXECUTE format('CREATE TRIGGER zz_note_change AFTER %s ON %I FOR EACH STATEMENT', one.deeds, one.name)
            || unless || ' EXECUTE FUNCTION note_change()';
    END LOOP;
    EXECUTE format('CREATE TRIGGER zz_note_rewritten AFTER UPDATE OF %s ON posts FOR EACH ROW', columns)
        || unless || ' EXECUTE FUNCTION note_change()';
    FOR one IN
        SELECT * FROM (VALUES
            ('posts', 'INSERT', 'NEW', 'note_new_posts'),
            ('posts', 'UPDATE', 'NEW', 'note_posts'),
            ('mentions', 'INSERT', 'NEW', 'note_parts'),
            ('events', 'INSERT', 'NEW', 'note_parts'),
            ('post_media', 'INSERT', 'NEW', 'note_parts'),
            ('post_tags', 'INSERT', 'NEW', 'note_parts'),
            ('reactions', 'INSERT', 'NEW', 'note_liked'),
            ('reactions', 'DELETE', 'OLD', 'note_liked'),
            ('actor_counts', 'INSERT', 'NEW', 'note_counted'),
            ('actor_counts', 'UPDATE', 'NEW', 'note_counted')) AS said (name, deed, which, noted_by)
    LOOP
        EXECUTE format('CREATE TRIGGER zz_note_%s AFTER %s ON %I REFERENCING %s TABLE AS written FOR EACH STATEMENT',
                       lower(one.deed), one.deed, one.name, one.which)
            || unless || format(' EXECUTE FUNCTION %I()', one.noted_by);
    END LOOP;
    FOR one IN SELECT unnest(ARRAY['activities', 'notifications']) AS name LOOP
        EXECUTE format('DROP TRIGGER zz_note_change ON %I', one.name);
        EXECUTE format('CREATE TRIGGER zz_note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT',
                       one.name)
            || ' WHEN (current_setting(''allmende.noted'', true) IS DISTINCT FROM ''yes'''
            || ' AND current_setting(''allmende.noted_beside'', true) IS DISTINCT FROM ''yes'')'
            || ' EXECUTE FUNCTION note_beside()';
    END LOOP;
END
$$;

-- Nothing shows a new file or a new actor but what is written of it afterwards.
CREATE TRIGGER zz_note_insert AFTER INSERT ON media FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_beside();
DROP TRIGGER zz_note_change ON actors;
CREATE TRIGGER zz_note_change AFTER UPDATE OR DELETE OR TRUNCATE ON actors FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted_people', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_change_of_people();
CREATE TRIGGER zz_note_insert AFTER INSERT ON actors FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted_people', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_new_people();
