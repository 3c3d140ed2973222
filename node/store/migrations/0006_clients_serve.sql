-- What members do from client apps: apps and their tokens, second factors, and what each actor keeps for itself.

CREATE TABLE apps (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL UNIQUE,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    website text,
    redirect_uris text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE tokens ADD COLUMN app_id bigint REFERENCES apps ON DELETE CASCADE;
CREATE INDEX tokens_app ON tokens (app_id) WHERE app_id IS NOT NULL;

CREATE TABLE authorization_codes (
    code_hash bytea PRIMARY KEY,
    app_id bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    acting_actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    redirect_uri text NOT NULL,
    scopes text[] NOT NULL,
    code_challenge text,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    token_id bigint REFERENCES tokens ON DELETE SET NULL
);
CREATE INDEX authorization_codes_created ON authorization_codes (created_at);

ALTER TABLE accounts ADD COLUMN preferences json NOT NULL DEFAULT '{}';

CREATE TABLE totp (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    secret text NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE passkeys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL DEFAULT 0,
    name text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX passkeys_account ON passkeys (account_id);

-- How an actor presents itself, and how many others see of it.

ALTER TABLE actors
    ADD COLUMN bot boolean NOT NULL DEFAULT false,
    ADD COLUMN hide_collections boolean NOT NULL DEFAULT false,
    ADD COLUMN attribution_domains text[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE VIEW public_actors AS
SELECT id, uri, kind, local, role_here, name, host, display_name, display_names, summary, url, inbox, shared_inbox,
       outbox, followers, following, featured, upcoming, locked, discoverable, indexable, fields, also_known_as,
       moved_to, icon_id, banner_id, icon_url, banner_url, place_id, public_key_id, public_key, multikey_id, multikey,
       published_at, created_at, updated_at, fetched_at, backfilled_at, suspended_at, limited_at, host_suspended,
       host_limited, deleted_at, bot, hide_collections, attribution_domains
  FROM actors;

CREATE TABLE actor_counts (
    actor_id bigint PRIMARY KEY REFERENCES actors ON DELETE CASCADE,
    posts bigint NOT NULL DEFAULT 0,
    followers bigint NOT NULL DEFAULT 0,
    following bigint NOT NULL DEFAULT 0,
    last_post_on date
);

INSERT INTO actor_counts (actor_id, posts, followers, following, last_post_on)
SELECT a.id,
       (SELECT count(*) FROM posts p WHERE p.actor_id = a.id AND p.deleted_at IS NULL AND p.audience <> 'direct'),
       (SELECT count(*) FROM follows f WHERE f.followed_id = a.id AND f.state = 'accepted'),
       (SELECT count(*) FROM follows f WHERE f.follower_id = a.id AND f.state = 'accepted'),
       (SELECT max(published_at)::date FROM posts p WHERE p.actor_id = a.id AND p.deleted_at IS NULL)
  FROM actors a;

CREATE FUNCTION count_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO actor_counts AS c (actor_id, posts, last_post_on)
    SELECT actor_id, count(*), max(published_at)::date
      FROM made WHERE deleted_at IS NULL AND audience <> 'direct'
     GROUP BY actor_id ORDER BY actor_id
    ON CONFLICT (actor_id) DO UPDATE
       SET posts = c.posts + excluded.posts, last_post_on = greatest(c.last_post_on, excluded.last_post_on);
    RETURN NULL;
END
$$;
CREATE TRIGGER count_posts AFTER INSERT ON posts
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_posts();

CREATE FUNCTION uncount_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE actor_counts SET posts = greatest(posts - 1, 0) WHERE actor_id = OLD.actor_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER uncount_hidden_post AFTER UPDATE OF deleted_at ON posts FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL AND OLD.audience <> 'direct')
    EXECUTE FUNCTION uncount_post();
CREATE TRIGGER uncount_removed_post AFTER DELETE ON posts FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND OLD.audience <> 'direct')
    EXECUTE FUNCTION uncount_post();

CREATE FUNCTION count_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step integer := (CASE WHEN TG_OP <> 'DELETE' AND NEW.state = 'accepted' THEN 1 ELSE 0 END)
                  - (CASE WHEN TG_OP <> 'INSERT' AND OLD.state = 'accepted' THEN 1 ELSE 0 END);
    said follows := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF step <> 0 THEN
        INSERT INTO actor_counts AS c (actor_id, followers, following)
        SELECT one.id, greatest(one.followers * step, 0), greatest(one.following * step, 0)
          FROM (VALUES (said.followed_id, 1, 0), (said.follower_id, 0, 1)) AS one (id, followers, following)
          JOIN actors ON actors.id = one.id
         ORDER BY one.id
        ON CONFLICT (actor_id) DO UPDATE
           SET followers = greatest(c.followers + CASE WHEN c.actor_id = said.followed_id THEN step ELSE 0 END, 0),
               following = greatest(c.following + CASE WHEN c.actor_id = said.follower_id THEN step ELSE 0 END, 0);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_follow AFTER INSERT OR UPDATE OF state OR DELETE ON follows
    FOR EACH ROW EXECUTE FUNCTION count_follow();

-- What an actor keeps about others. An editor who acts as the hub shares these with the other editors.

ALTER TABLE follows
    ADD COLUMN boosts boolean NOT NULL DEFAULT true,
    ADD COLUMN notify boolean NOT NULL DEFAULT false,
    ADD COLUMN languages text[];

CREATE TABLE mutes (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    muted_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    notifications boolean NOT NULL DEFAULT true,
    ends_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, muted_id)
);

CREATE TABLE blocked_domains (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    domain text NOT NULL,
    PRIMARY KEY (actor_id, domain)
);

CREATE TABLE actor_notes (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    about_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    text text NOT NULL,
    PRIMARY KEY (actor_id, about_id)
);

CREATE TABLE endorsements (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    endorsed_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    PRIMARY KEY (actor_id, endorsed_id)
);

CREATE TABLE dismissed_suggestions (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    suggested_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    PRIMARY KEY (actor_id, suggested_id)
);

CREATE TABLE lists (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    title text NOT NULL,
    replies_policy text NOT NULL DEFAULT 'list' CHECK (replies_policy IN ('followed', 'list', 'none')),
    exclusive boolean NOT NULL DEFAULT false
);
CREATE INDEX lists_actor ON lists (actor_id);

CREATE TABLE list_members (
    id bigint GENERATED ALWAYS AS IDENTITY,
    list_id bigint NOT NULL REFERENCES lists ON DELETE CASCADE,
    member_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    PRIMARY KEY (list_id, member_id)
);
CREATE INDEX list_members_member ON list_members (member_id);

CREATE TABLE followed_tags (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    tag text NOT NULL,
    PRIMARY KEY (actor_id, tag)
);
CREATE INDEX followed_tags_tag ON followed_tags (tag);

CREATE TABLE featured_tags (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    tag text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (actor_id, tag)
);

-- What an actor keeps about posts.

CREATE TABLE bookmarks (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    PRIMARY KEY (actor_id, post_id)
);
CREATE INDEX bookmarks_actor ON bookmarks (actor_id, id DESC);
CREATE INDEX bookmarks_post ON bookmarks (post_id);

CREATE TABLE muted_threads (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    context text NOT NULL,
    PRIMARY KEY (actor_id, context)
);

CREATE TABLE conversation_reads (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    context text NOT NULL,
    read_up_to bigint NOT NULL DEFAULT 0,
    hidden_up_to bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (actor_id, context)
);

CREATE TABLE filters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    title text NOT NULL,
    contexts text[] NOT NULL,
    action text NOT NULL DEFAULT 'warn' CHECK (action IN ('warn', 'hide', 'blur')),
    ends_at timestamptz
);
CREATE INDEX filters_actor ON filters (actor_id);

CREATE TABLE filter_keywords (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    filter_id bigint NOT NULL REFERENCES filters ON DELETE CASCADE,
    keyword text NOT NULL,
    whole_word boolean NOT NULL DEFAULT true
);
CREATE INDEX filter_keywords_filter ON filter_keywords (filter_id);

CREATE TABLE filter_posts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    filter_id bigint NOT NULL REFERENCES filters ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    UNIQUE (filter_id, post_id)
);
CREATE INDEX filter_posts_post ON filter_posts (post_id);

CREATE TABLE scheduled_posts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    parameters json NOT NULL,
    media_ids bigint[] NOT NULL DEFAULT '{}',
    due_at timestamptz NOT NULL,
    failed_why text
);
CREATE INDEX scheduled_posts_actor ON scheduled_posts (actor_id, id);
CREATE INDEX scheduled_posts_due ON scheduled_posts (due_at) WHERE failed_why IS NULL;

-- Quotes (FEP-044f): who may quote a post, and what became of each quote.

ALTER TABLE posts ADD COLUMN quote_policy text NOT NULL DEFAULT 'public'
    CHECK (quote_policy IN ('public', 'followers', 'nobody'));

CREATE TABLE quotes (
    post_id bigint PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    quoted_uri text NOT NULL,
    quoted_id bigint REFERENCES posts ON DELETE SET NULL,
    state text NOT NULL CHECK (state IN ('pending', 'accepted', 'rejected', 'revoked')),
    request_uri text,
    authorization_uri text,
    decided_at timestamptz
);
CREATE INDEX quotes_quoted ON quotes (quoted_id, post_id DESC);
CREATE INDEX quotes_uri ON quotes (quoted_uri);
CREATE UNIQUE INDEX quotes_authorization ON quotes (authorization_uri) WHERE authorization_uri IS NOT NULL;

-- Notices: for which of an account's actors; whether the policy holds them back; and how far each timeline was read.

ALTER TABLE notifications
    ADD COLUMN actor_id bigint REFERENCES actors ON DELETE CASCADE,
    ADD COLUMN filtered boolean NOT NULL DEFAULT false;
UPDATE notifications SET actor_id = accounts.actor_id FROM accounts WHERE accounts.id = notifications.account_id;
CREATE INDEX notifications_filtered ON notifications (account_id, from_id) WHERE filtered;

CREATE TABLE notification_policies (
    actor_id bigint PRIMARY KEY REFERENCES actors ON DELETE CASCADE,
    rules json NOT NULL DEFAULT '{}'
);

CREATE TABLE notification_permissions (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    from_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    PRIMARY KEY (actor_id, from_id)
);

CREATE TABLE markers (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    timeline text NOT NULL CHECK (timeline IN ('home', 'notifications')),
    last_read_id bigint NOT NULL,
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, actor_id, timeline)
);

CREATE TABLE push_subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_id bigint NOT NULL UNIQUE REFERENCES tokens ON DELETE CASCADE,
    endpoint text NOT NULL,
    p256dh text NOT NULL,
    auth text NOT NULL,
    standard boolean NOT NULL DEFAULT false,
    alerts json NOT NULL DEFAULT '{}',
    policy text NOT NULL DEFAULT 'all' CHECK (policy IN ('all', 'followed', 'follower', 'none')),
    created_at timestamptz NOT NULL DEFAULT now(),
    failures integer NOT NULL DEFAULT 0
);

-- What the hub tells everybody.

ALTER TABLE hub
    ADD COLUMN vapid_private text,
    ADD COLUMN texts json NOT NULL DEFAULT '{}';

CREATE TABLE announcements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    versions json NOT NULL DEFAULT '[]',
    starts_at timestamptz,
    ends_at timestamptz,
    all_day boolean NOT NULL DEFAULT false,
    published_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz
);

CREATE TABLE announcement_reads (
    announcement_id bigint NOT NULL REFERENCES announcements ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (announcement_id, account_id)
);

CREATE TABLE announcement_reactions (
    announcement_id bigint NOT NULL REFERENCES announcements ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name text NOT NULL,
    PRIMARY KEY (announcement_id, account_id, name)
);

CREATE TABLE emojis (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shortcode text NOT NULL,
    host text NOT NULL DEFAULT '',
    uri text,
    url text NOT NULL,
    media_id bigint REFERENCES media ON DELETE SET NULL,
    category text,
    visible boolean NOT NULL DEFAULT true,
    disabled_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (shortcode, host)
);
