-- Media of other servers are a cache: what nobody looked at for long loses its files (evicted_at) and is fetched again when
-- somebody does.
ALTER TABLE media ADD COLUMN used_at timestamptz NOT NULL DEFAULT now(),
                  ADD COLUMN evicted_at timestamptz;
CREATE INDEX media_preview ON media (preview_path) WHERE preview_path IS NOT NULL;
CREATE INDEX media_used ON media (used_at) WHERE remote_url IS NOT NULL AND state = 'ready' AND evicted_at IS NULL;
CREATE INDEX actors_icon ON actors (icon_id) WHERE icon_id IS NOT NULL;
CREATE INDEX actors_banner ON actors (banner_id) WHERE banner_id IS NOT NULL;
