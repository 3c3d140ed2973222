-- The first step of a search reads the newest 300 posts one by one, but no longer than until it has twice what is wanted:
-- a word that many posts have fills a page at once. What follows, should most of it not be for the viewer, is another such
-- step. All other steps are what they were. Without sorts: of a small table all posts were read to sort the newest out.
CREATE OR REPLACE FUNCTION search_step(
    question tsquery, author bigint, wanted integer, oldest bigint,
    INOUT below bigint, INOUT width bigint, OUT ids bigint[]
)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_sort = off
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
    IF width IS NULL THEN
        most := 2 * wanted;
        IF author IS NULL THEN
            ids := ARRAY(SELECT p.id
                           FROM (SELECT id, search FROM posts
                                  WHERE id < till AND deleted_at IS NULL
                                  ORDER BY id DESC LIMIT 300) AS p
                          WHERE p.id >= oldest AND (p.search @@ question) IS TRUE ORDER BY p.id DESC LIMIT most);
        ELSE
            ids := ARRAY(SELECT p.id
                           FROM (SELECT id, search FROM posts
                                  WHERE actor_id = author AND id < till AND deleted_at IS NULL
                                  ORDER BY id DESC LIMIT 300) AS p
                          WHERE p.id >= oldest AND (p.search @@ question) IS TRUE ORDER BY p.id DESC LIMIT most);
        END IF;
        IF cardinality(ids) = most THEN
            below := ids[most];
            RETURN;
        END IF;
        IF author IS NULL THEN
            SELECT id INTO since FROM posts WHERE id < till AND deleted_at IS NULL ORDER BY id DESC OFFSET 299 LIMIT 1;
        ELSE
            SELECT id INTO since FROM posts
             WHERE actor_id = author AND id < till AND deleted_at IS NULL
             ORDER BY id DESC OFFSET 299 LIMIT 1;
        END IF;
        since := greatest(since, oldest);
        width := till - since;
        most := NULL;
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
