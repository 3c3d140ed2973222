-- Files that are fetched, cards of links, counts of polls and when somebody was asked about come with most of what arrives,
-- a little later: they concern the posts and people that show them, and of others nothing.
CREATE OR REPLACE FUNCTION note_posts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts)
    SELECT pg_current_xact_id(), false, array_remove(array_agg(id) || array_agg(rsvp_for_id), NULL)
      FROM written HAVING count(*) > 0
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts;
    RETURN NULL;
END
$$;

-- Of how an actor is shown its pictures are counted in.
CREATE FUNCTION note_media() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO changes AS c (xid, wide, posts, counted)
    SELECT pg_current_xact_id(), false,
           ARRAY(SELECT p.post_id FROM written JOIN post_media p ON p.media_id = written.id),
           ARRAY(SELECT a.id FROM written JOIN actors a ON a.icon_id = written.id
                  UNION SELECT a.id FROM written JOIN actors a ON a.banner_id = written.id)
     WHERE EXISTS (SELECT FROM written)
        ON CONFLICT (xid) DO UPDATE SET posts = c.posts || excluded.posts, counted = c.counted || excluded.counted;
    IF EXISTS (SELECT FROM written JOIN cards ON cards.media_id = written.id) THEN
        INSERT INTO changes (xid) VALUES (pg_current_xact_id()) ON CONFLICT (xid) DO UPDATE SET wide = true;
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    unless text := ' WHEN (current_setting(''allmende.noted'', true) IS DISTINCT FROM ''yes'')';
    of_posts text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                       WHERE attrelid = 'posts'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN (
                             'likes_count', 'boosts_count', 'replies_count', 'card_id', 'poll'));
    of_actors text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                        WHERE attrelid = 'actors'::regclass AND attnum > 0 AND NOT attisdropped
                          AND attname NOT IN ('fetched_at', 'backfilled_at'));
BEGIN
    DROP TRIGGER zz_note_rewritten ON posts;
    EXECUTE format('CREATE TRIGGER zz_note_rewritten AFTER UPDATE OF %s ON posts FOR EACH ROW', of_posts)
        || unless || ' EXECUTE FUNCTION note_change()';
    DROP TRIGGER zz_note_change ON actors;
    EXECUTE format('CREATE TRIGGER zz_note_change AFTER UPDATE OF %s OR DELETE OR TRUNCATE ON actors', of_actors)
        || ' FOR EACH STATEMENT WHEN (current_setting(''allmende.noted_people'', true) IS DISTINCT FROM ''yes'')'
        || ' EXECUTE FUNCTION note_change_of_people()';
END
$$;

CREATE TRIGGER zz_note_asked AFTER UPDATE OF fetched_at, backfilled_at ON actors FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_beside();

DROP TRIGGER zz_note_change ON media;
CREATE TRIGGER zz_note_change AFTER DELETE OR TRUNCATE ON media FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_change();
CREATE TRIGGER zz_note_update AFTER UPDATE ON media REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_media();

-- A card that is asked for again is written as it was; nothing shows a new one but the post that gets it.
DROP TRIGGER zz_note_change ON cards;
CREATE TRIGGER zz_note_change AFTER DELETE OR TRUNCATE ON cards FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_change();
CREATE TRIGGER zz_note_insert AFTER INSERT ON cards FOR EACH STATEMENT
    WHEN (current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_beside();
CREATE TRIGGER zz_note_rewritten AFTER UPDATE ON cards FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.* AND current_setting('allmende.noted', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION note_change();
