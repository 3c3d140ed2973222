-- What things came from, corrections of findings, credits of pictures, and what becomes of calls and their answers.

-- The address of the finding, call or event that something came from; known here or not.
CREATE TABLE origins (
    post_id bigint PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    uri     text NOT NULL
);
CREATE INDEX origins_uri ON origins (uri);
INSERT INTO origins (post_id, uri) SELECT post_id, born_of FROM findings WHERE born_of IS NOT NULL;

ALTER TABLE findings
    ADD COLUMN corrections  json NOT NULL DEFAULT '[]',
    ADD COLUMN retraction   text NOT NULL DEFAULT '',
    ADD COLUMN retracted_at timestamptz;

CREATE OR REPLACE FUNCTION finding_detail(finding_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT row_to_json(detail)
          FROM (SELECT f.finding_kind, f.claim, f.reasons, f.scope, f.born_of, f.sources, f.contributors, f.license,
                       f.state, f.corrections, f.retraction, f.retracted_at
                  FROM findings f
                 WHERE f.post_id = finding_id) detail);
END
$$;

-- A call without a deadline lasts a while from `renewed_at`; its owner was reminded of the end at `reminded_at`.
ALTER TABLE calls
    ADD COLUMN renewed_at  timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN reminded_at timestamptz;

ALTER TABLE answers
    ADD COLUMN shortlisted boolean NOT NULL DEFAULT false,
    ADD COLUMN thanked_at  timestamptz;

-- What the owner of a call wrote back to who answered.
CREATE TABLE answer_messages (
    answer_id bigint NOT NULL REFERENCES answers ON DELETE CASCADE,
    post_id   bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    PRIMARY KEY (answer_id, post_id)
);
CREATE INDEX answer_messages_post ON answer_messages (post_id);

-- Smaller copies of a picture, by their widths.
ALTER TABLE media ADD COLUMN widths int[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION shown_attachments(attachments json) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT json_agg(CASE WHEN medium.id IS NULL THEN said.value ELSE json_build_object(
                   'url', hub.base_url || '/media/' || medium.path,
                   'preview_url', hub.base_url || '/media/' || medium.preview_path,
                   'media_type', medium.media_type,
                   'alt', said.value -> 'alt',
                   'credit', coalesce(said.value ->> 'credit', ''),
                   'license', said.value ->> 'license',
                   'blurhash', medium.blurhash,
                   'width', medium.width,
                   'height', medium.height,
                   'preview_width', medium.preview_width,
                   'preview_height', medium.preview_height,
                   'duration_ms', medium.duration_ms,
                   'focus', said.value -> 'focus',
                   'widths', medium.widths,
                   'media_id', medium.id) END ORDER BY said.ordinality)
          FROM json_array_elements(attachments) WITH ORDINALITY AS said
          LEFT JOIN (media AS medium JOIN hub ON true)
            ON medium.id = (said.value ->> 'media_id')::bigint AND medium.state = 'ready');
END
$$;

-- A post tells what it came from. The function is changed where it stands, whatever else it tells by now.
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('post_json(posts)'::regprocedure), 'boosted AS boost_of)',
                    '(SELECT uri FROM origins WHERE post_id = p.id) AS born_of, boosted AS boost_of)');
END
$$;
