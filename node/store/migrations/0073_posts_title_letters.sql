-- Stemming knows whole words, but who looks for "Rad" means "Lastenrad" too. So titles of events, findings and calls, which
-- are few, are also looked through by their letters.

CREATE FUNCTION title_letters(versions json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT lower(string_agg(version ->> 'name', ' ')) FROM json_array_elements(versions) AS version);

CREATE INDEX posts_title_letters ON posts USING gin (title_letters(versions) gin_trgm_ops)
    WHERE kind IN ('event', 'finding', 'call');
