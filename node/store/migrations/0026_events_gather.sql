-- The calendar of the network, and full text that does not mind accents.

-- Two events that look like one and are not, as an editor said. The smaller id comes first.
CREATE TABLE event_splits (
    one_id   bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    other_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    split_by bigint REFERENCES accounts ON DELETE SET NULL,
    split_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
);
CREATE INDEX event_splits_other ON event_splits (other_id);

-- Whether the hub itself heard of a post: by whom it follows (or, where it is no person, whom anybody here follows), by
-- an approved hub or its people, or because one of these passed it on.
CREATE FUNCTION in_network(post posts) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN post.local
        OR EXISTS (SELECT FROM known_hubs k
                     JOIN actors hub ON hub.id = k.actor_id
                     JOIN actors author ON author.id = post.actor_id
                    WHERE k.state = 'approved' AND hub.host = author.host)
        OR EXISTS (SELECT FROM (SELECT post.actor_id
                                 UNION ALL
                                SELECT b.actor_id FROM posts b
                                 WHERE b.boost_of_id = post.id AND b.deleted_at IS NULL) AS source (id)
                     JOIN actors teller ON teller.id = source.id
                     JOIN follows f ON f.followed_id = source.id AND f.state = 'accepted'
                     JOIN actors me ON me.id = f.follower_id AND me.local
                    WHERE me.role_here IN ('hub', 'instance', 'area') OR teller.kind <> 'Person');
END
$$;

-- Stems of words without their accents, so that both ways of writing find each other.
CREATE TEXT SEARCH CONFIGURATION words_simple (COPY = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION words_english (COPY = pg_catalog.english);
CREATE TEXT SEARCH CONFIGURATION words_german (COPY = pg_catalog.german);
CREATE TEXT SEARCH CONFIGURATION words_french (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION words_simple ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
ALTER TEXT SEARCH CONFIGURATION words_english ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION words_german ALTER MAPPING FOR hword, hword_part, word WITH unaccent, german_stem;
ALTER TEXT SEARCH CONFIGURATION words_french ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;

CREATE OR REPLACE FUNCTION search_words(language text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE split_part(lower(language), '-', 1)
               WHEN 'en' THEN 'public.words_english'::regconfig
               WHEN 'de' THEN 'public.words_german'::regconfig
               WHEN 'fr' THEN 'public.words_french'::regconfig
               ELSE 'public.words_simple'::regconfig
           END
$$;

CREATE OR REPLACE FUNCTION search_index(languages text[], titles text[], bodies text[], tags text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT search_sum(
               setweight(to_tsvector(search_words(language), title), 'A')
               || setweight(to_tsvector(search_words(language), body), 'C'))
           || setweight(to_tsvector('public.words_simple', array_to_string(tags, ' ')), 'B')
      FROM unnest(languages, titles, bodies) AS version (language, title, body)
$$;

CREATE OR REPLACE FUNCTION search_question(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT websearch_to_tsquery('public.words_simple', words)
        || websearch_to_tsquery('public.words_english', words)
        || websearch_to_tsquery('public.words_german', words)
        || websearch_to_tsquery('public.words_french', words)
$$;

-- What was indexed before is indexed again by the new stems.
UPDATE posts p
   SET search = (
       SELECT search_index(array_agg(v ->> 'language'), array_agg(v ->> 'name'),
                           array_agg(concat_ws(' ', v ->> 'summary', v ->> 'content', more.words)), p.tags)
         FROM json_array_elements(p.versions) AS v
         LEFT JOIN LATERAL (
              SELECT concat_ws(' ', f.claim, array_to_string(f.reasons, ' '), f.scope,
                               array_to_string(c.skills, ' '), c.effort, l.name, l.locality) AS words
                FROM (SELECT) AS one
                LEFT JOIN findings f ON f.post_id = p.id
                LEFT JOIN calls c ON c.post_id = p.id
                LEFT JOIN events e ON e.post_id = p.id
                LEFT JOIN places l ON l.id = coalesce(e.place_id, c.place_id)) AS more ON true)
 WHERE p.search IS NOT NULL;
