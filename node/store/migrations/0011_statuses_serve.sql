-- Statuses as clients know them: by which app, how they looked before each change, cards of links, repeated requests.

ALTER TABLE posts ADD COLUMN app_id bigint REFERENCES apps ON DELETE SET NULL;
CREATE INDEX posts_app ON posts (app_id) WHERE app_id IS NOT NULL;

ALTER TABLE edits
    ADD COLUMN sensitive boolean NOT NULL DEFAULT false,
    ADD COLUMN attachments json NOT NULL DEFAULT '[]',
    ADD COLUMN poll json;

-- What a linked page says of itself. `state`: waiting to be asked, told, or nothing to tell.

CREATE TABLE cards (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'none')),
    title text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    language text,
    author_name text NOT NULL DEFAULT '',
    provider_name text NOT NULL DEFAULT '',
    published_at timestamptz,
    media_id bigint REFERENCES media ON DELETE SET NULL,
    asked_at timestamptz
);
CREATE INDEX cards_media ON cards (media_id) WHERE media_id IS NOT NULL;

ALTER TABLE posts ADD COLUMN card_id bigint REFERENCES cards ON DELETE SET NULL;
CREATE INDEX posts_card ON posts (card_id, id DESC) WHERE card_id IS NOT NULL;

-- The same request sent again within the hour gives what the first one made.

CREATE TABLE idempotency_keys (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    key_hash bytea NOT NULL,
    post_id bigint REFERENCES posts ON DELETE CASCADE,
    scheduled_id bigint REFERENCES scheduled_posts ON DELETE CASCADE,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, key_hash)
);
CREATE INDEX idempotency_keys_post ON idempotency_keys (post_id);
CREATE INDEX idempotency_keys_scheduled ON idempotency_keys (scheduled_id);
