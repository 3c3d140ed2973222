-- Search costs the same however much there is. An index of words alone finds all posts with them in no order, and each
-- had to be fetched to know which are the newest. Beside its words a post stands in it now with the pieces of time it
-- belongs to, of five widths (ids of 17 minutes, 5 hours, 3 days, 7 weeks, 2 years), and with its author: so the index
-- answers which posts of a while, or of somebody, have the words, and search goes back from while to while. The pieces
-- come first, since an index is asked in the order of its columns: words are looked up only where a piece has posts.
CREATE FUNCTION search_keys(id bigint, actor_id bigint) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ARRAY[(id >> 40) * 64 + 40, (id >> 44) * 64 + 44, (id >> 48) * 64 + 48, (id >> 52) * 64 + 52,
                 (id >> 56) * 64 + 56, -actor_id]
$$;

CREATE INDEX posts_found ON posts USING gin (search_keys(id, actor_id), search) WHERE search IS NOT NULL;

-- Where a search begins and ends: among the ids between `after` and `before` that there are. How wide its first step is
-- is not known yet.
CREATE FUNCTION search_begin(after bigint, before bigint, OUT oldest bigint, OUT below bigint, OUT width bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    SELECT id INTO oldest FROM posts WHERE id > after ORDER BY id LIMIT 1;
    SELECT id + 1 INTO below FROM posts WHERE id < before ORDER BY id DESC LIMIT 1;
END
$$;

-- One step back: the ids in the `width` before `below` (and up to one piece more) of posts with the words, by one author
-- if asked for, newest first; and where and how wide the next step is. So wide that it should bring half as many more
-- as are wanted, but never more than 64 times wider, since words come in bursts. A while in which there are far too many
-- is not read: the next step is narrower instead. The first step reads the newest 300 posts one by one: words that many
-- use are among them, and most authors have no more. Where all that is left is asked, pieces would only cost.
CREATE FUNCTION search_step(
    question tsquery, author bigint, wanted integer, oldest bigint,
    INOUT below bigint, INOUT width bigint, OUT ids bigint[]
)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    AS $$
DECLARE
    -- The width of pieces of which nine are enough.
    bits integer := CASE WHEN width <= 1::bigint << 43 THEN 40 WHEN width <= 1::bigint << 47 THEN 44
                         WHEN width <= 1::bigint << 51 THEN 48 WHEN width <= 1::bigint << 55 THEN 52 ELSE 56 END;
    since bigint := (below - width >> bits) << bits;
    till bigint := below;
    most integer := CASE WHEN width > 1::bigint << 40 THEN 200 + 5 * wanted END;
    found integer;
BEGIN
    IF width IS NULL AND author IS NULL THEN
        SELECT id INTO since FROM posts WHERE id < till AND deleted_at IS NULL ORDER BY id DESC OFFSET 299 LIMIT 1;
        since := greatest(since, oldest);
        width := till - since;
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.id >= since AND p.id < till AND p.deleted_at IS NULL AND (p.search @@ question) IS TRUE);
    ELSIF width IS NULL THEN
        SELECT id INTO since FROM posts
         WHERE actor_id = author AND id < till AND deleted_at IS NULL
         ORDER BY id DESC OFFSET 299 LIMIT 1;
        since := greatest(since, oldest);
        width := till - since;
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.actor_id = author AND p.id >= since AND p.id < till AND p.deleted_at IS NULL
                        AND (p.search @@ question) IS TRUE);
    ELSIF author IS NOT NULL THEN
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.search @@ question AND search_keys(p.id, p.actor_id) @> ARRAY[-author]
                        AND search_keys(p.id, p.actor_id)
                            && ARRAY(SELECT n * 64 + bits FROM generate_series(since >> bits, till - 1 >> bits) AS n)
                        AND p.id + 0 >= since AND p.id + 0 >= oldest AND p.id + 0 < till
                      LIMIT most);
    ELSIF since <= oldest AND (SELECT id FROM posts ORDER BY id DESC LIMIT 1) < below + width THEN
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.search @@ question AND p.id + 0 >= oldest AND p.id + 0 < till
                      LIMIT most);
    ELSE
        ids := ARRAY(SELECT p.id FROM posts p
                      WHERE p.search @@ question
                        AND search_keys(p.id, p.actor_id)
                            && ARRAY(SELECT n * 64 + bits FROM generate_series(since >> bits, till - 1 >> bits) AS n)
                        AND p.id + 0 >= since AND p.id + 0 >= oldest AND p.id + 0 < till
                      LIMIT most);
    END IF;
    found := cardinality(ids);
    IF found = most THEN
        ids := '{}';
        width := greatest(width >> 4, 1::bigint << 40);
    ELSE
        ids := ARRAY(SELECT id FROM unnest(ids) AS id ORDER BY id DESC);
        below := since;
        width := least(width, 1::bigint << 53) * least(64, greatest(2, (1.5 * wanted / (found + 0.3))::integer));
    END IF;
END
$$;
