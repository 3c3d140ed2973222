-- Media of servers whose media are refused: their files are gone, and nothing shows them, until that is over.
ALTER TABLE media ADD COLUMN withheld boolean NOT NULL DEFAULT false;
CREATE INDEX media_withheld ON media (id) WHERE withheld;

-- What is withheld is a mere link, as what comes from such a server now.
CREATE OR REPLACE FUNCTION shown_attachments(attachments json) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT json_agg(CASE WHEN medium.withheld THEN (said.value::jsonb - 'media_id')::json
                             WHEN medium.id IS NULL THEN said.value ELSE json_build_object(
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
                   'avif', medium.avif,
                   'media_id', medium.id) END ORDER BY said.ordinality)
          FROM json_array_elements(attachments) WITH ORDINALITY AS said
          LEFT JOIN (media AS medium JOIN hub ON true)
            ON medium.id = (said.value ->> 'media_id')::bigint AND medium.state = 'ready');
END
$$;
