-- The model everything leans on: actors, posts and their three details, relations, the engine's queues, measures and the log.

CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS cube;
CREATE EXTENSION IF NOT EXISTS earthdistance;

-- One row: this hub. `federation_mode`: open | ask | circle.
CREATE TABLE hub (
    only_one         boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    name             text NOT NULL DEFAULT '',
    description      text NOT NULL DEFAULT '',
    language         text NOT NULL DEFAULT 'en',
    languages        text[] NOT NULL DEFAULT '{en,de,fr}',
    zone             text NOT NULL DEFAULT 'Europe/Brussels',
    contact          text NOT NULL DEFAULT '',
    rules            json NOT NULL DEFAULT '[]',
    federation_mode  text NOT NULL DEFAULT 'open' CHECK (federation_mode IN ('open', 'ask', 'circle')),
    setup_token_hash bytea,
    set_up_at        timestamptz,
    secret           bytea NOT NULL,
    base_url         text NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now()
);

-- Anyone who can act over ActivityPub, here or elsewhere. role_here names what a local actor is for.
CREATE TABLE actors (
    id               bigint PRIMARY KEY,
    uri              text NOT NULL UNIQUE,
    kind             text NOT NULL CHECK (kind IN ('Person', 'Organization', 'Group', 'Service', 'Application')),
    local            boolean NOT NULL,
    role_here        text CHECK (role_here IN ('hub', 'instance', 'member', 'area', 'group', 'log')),
    name             text NOT NULL,
    host             text NOT NULL,
    display_name     text NOT NULL DEFAULT '',
    display_names    json NOT NULL DEFAULT '{}',
    summary          text NOT NULL DEFAULT '',
    url              text NOT NULL,
    inbox            text NOT NULL,
    shared_inbox     text,
    outbox           text,
    followers        text,
    following        text,
    featured         text,
    upcoming         text,
    locked           boolean NOT NULL DEFAULT false,
    discoverable     boolean NOT NULL DEFAULT true,
    indexable        boolean NOT NULL DEFAULT false,
    fields           json NOT NULL DEFAULT '[]',
    also_known_as    text[] NOT NULL DEFAULT '{}',
    moved_to         text,
    moved_at         timestamptz,
    icon_id          bigint,
    banner_id        bigint,
    icon_url         text,
    banner_url       text,
    place_id         bigint,
    public_key_id    text,
    public_key       text,
    multikey_id      text,
    multikey         text,
    private_key      text,
    ed25519_private  text,
    published_at     timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    fetched_at       timestamptz,
    backfilled_at    timestamptz,
    suspended_at     timestamptz,
    limited_at       timestamptz,
    deleted_at       timestamptz,
    host_suspended   boolean NOT NULL DEFAULT false,
    host_limited     boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX actors_handle ON actors (lower(name), host);
CREATE UNIQUE INDEX actors_public_key_id ON actors (public_key_id) WHERE public_key_id IS NOT NULL;
CREATE INDEX actors_host ON actors (host) WHERE NOT local;
CREATE INDEX actors_inbox ON actors ((coalesce(shared_inbox, inbox))) WHERE NOT local;

-- Names are never reused; some are kept from the start.
CREATE TABLE reserved_names (
    name        citext PRIMARY KEY,
    reason      text NOT NULL,
    reserved_at timestamptz NOT NULL DEFAULT now()
);

-- A person's login here.
CREATE TABLE accounts (
    id            bigint PRIMARY KEY,
    actor_id      bigint NOT NULL UNIQUE REFERENCES actors,
    email         citext UNIQUE,
    password_hash text,
    language      text NOT NULL DEFAULT 'en',
    zone          text NOT NULL DEFAULT 'Europe/Brussels',
    created_at    timestamptz NOT NULL DEFAULT now(),
    confirmed_at  timestamptz,
    disabled_at   timestamptz
);

-- Roles are named sets of permissions; a mandate gives one to an account for a term.
CREATE TABLE roles (
    name        text PRIMARY KEY,
    permissions text[] NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
INSERT INTO roles (name, permissions) VALUES
    ('member',    '{publish,attend,answer,report}'),
    ('editor',    '{publish,attend,answer,report,publish_as_hub,manage_events}'),
    ('moderator', '{publish,attend,answer,report,see_cases,moderate_accounts,moderate_servers,see_queue}'),
    ('steward',   '{publish,attend,answer,report,publish_as_hub,manage_events,see_cases,moderate_accounts,moderate_servers,see_queue,manage_hub,manage_members,manage_roles}');

CREATE TABLE mandates (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    role       text NOT NULL REFERENCES roles,
    starts_at  timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz,
    given_by   bigint REFERENCES accounts ON DELETE SET NULL,
    CHECK (ends_at IS NULL OR ends_at > starts_at)
);
CREATE INDEX mandates_account ON mandates (account_id);

-- A session or token holds (account, acting actor, scopes).
CREATE TABLE sessions (
    key_hash   bytea PRIMARY KEY,
    account_id bigint REFERENCES accounts ON DELETE CASCADE,
    data       json NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE tokens (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash      bytea NOT NULL UNIQUE,
    account_id      bigint REFERENCES accounts ON DELETE CASCADE,
    acting_actor_id bigint REFERENCES actors ON DELETE CASCADE,
    scopes          text[] NOT NULL,
    name            text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    used_at         timestamptz,
    revoked_at      timestamptz
);

-- Fields of activity; each is a followable Service actor.
CREATE TABLE areas (
    name     text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    actor_id bigint NOT NULL UNIQUE REFERENCES actors,
    labels   json NOT NULL DEFAULT '{}',
    position int NOT NULL DEFAULT 0
);

-- A place never changes its address: another address is another place (peers cache places by id for ever). fingerprint:
-- SHA-256 of all that is said of it.
CREATE TABLE places (
    id          bigint PRIMARY KEY,
    uri         text UNIQUE,
    local       boolean NOT NULL,
    name        text NOT NULL,
    street      text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    locality    text NOT NULL DEFAULT '',
    region      text NOT NULL DEFAULT '',
    country     text NOT NULL DEFAULT '',
    latitude    double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude   double precision CHECK (longitude BETWEEN -180 AND 180),
    fingerprint bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    UNIQUE (local, fingerprint)
);
CREATE INDEX places_near ON places USING gist (ll_to_earth(latitude, longitude)) WHERE latitude IS NOT NULL;
ALTER TABLE actors ADD FOREIGN KEY (place_id) REFERENCES places;

-- Media pass one pipeline; paths are random. state: waiting | ready | failed.
CREATE TABLE media (
    id           bigint PRIMARY KEY,
    owner_id     bigint REFERENCES actors ON DELETE SET NULL,
    path         text UNIQUE,
    preview_path text,
    remote_url   text,
    media_type   text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('image', 'audio', 'video', 'document')),
    bytes        bigint,
    width        int,
    height       int,
    duration_ms  int,
    blurhash     text,
    focus_x      real,
    focus_y      real,
    alt          text NOT NULL DEFAULT '',
    file_name    text NOT NULL DEFAULT '',
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'failed')),
    error        text,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX media_remote ON media (remote_url) WHERE remote_url IS NOT NULL;
CREATE INDEX media_waiting ON media (id) WHERE state = 'waiting';
ALTER TABLE actors ADD FOREIGN KEY (icon_id) REFERENCES media ON DELETE SET NULL,
                   ADD FOREIGN KEY (banner_id) REFERENCES media ON DELETE SET NULL;

-- The parent of everything that can stand in a timeline. A boost is a row of the same id space.
CREATE TABLE posts (
    id              bigint PRIMARY KEY,
    uri             text NOT NULL UNIQUE,
    url             text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('post', 'event', 'finding', 'call', 'boost')),
    type            text NOT NULL,
    local           boolean NOT NULL,
    actor_id        bigint NOT NULL REFERENCES actors,
    written_by      bigint REFERENCES accounts ON DELETE SET NULL,
    audience        text NOT NULL CHECK (audience IN ('public', 'unlisted', 'followers', 'hub', 'group', 'direct')),
    group_id        bigint REFERENCES actors,
    recipients      text[] NOT NULL DEFAULT '{}',
    in_reply_to     text,
    in_reply_to_id  bigint,
    context         text,
    boost_of_id     bigint REFERENCES posts ON DELETE CASCADE,
    language        text,
    versions        json NOT NULL DEFAULT '[]',
    sensitive       boolean NOT NULL DEFAULT false,
    tags            text[] NOT NULL DEFAULT '{}',
    area            text,
    attachments     json NOT NULL DEFAULT '[]',
    poll            json,
    quote           text,
    rsvp_for_id     bigint REFERENCES posts ON DELETE CASCADE,
    search          tsvector,
    replies_count   int NOT NULL DEFAULT 0,
    likes_count     int NOT NULL DEFAULT 0,
    boosts_count    int NOT NULL DEFAULT 0,
    published_at    timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    received_at     timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz
);
CREATE UNIQUE INDEX posts_boost_once ON posts (actor_id, boost_of_id) WHERE boost_of_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX posts_actor ON posts (actor_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_kind ON posts (kind, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_public ON posts (id DESC) WHERE audience = 'public' AND deleted_at IS NULL;
CREATE INDEX posts_reply ON posts (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX posts_reply_uri ON posts (in_reply_to) WHERE in_reply_to IS NOT NULL AND in_reply_to_id IS NULL;
CREATE INDEX posts_context ON posts (context, id) WHERE context IS NOT NULL;
CREATE INDEX posts_boost_of ON posts (boost_of_id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX posts_tags ON posts USING gin (tags);
CREATE INDEX posts_search ON posts USING gin (search);

CREATE TABLE mentions (
    post_id  bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES actors,
    silent   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX mentions_actor ON mentions (actor_id, post_id DESC);

CREATE TABLE post_media (
    post_id  bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    media_id bigint NOT NULL REFERENCES media,
    position int NOT NULL,
    PRIMARY KEY (post_id, position),
    UNIQUE (post_id, media_id)
);
CREATE INDEX post_media_media ON post_media (media_id);

CREATE TABLE featured (
    actor_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    post_id  bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, post_id)
);

CREATE TABLE edits (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post_id    bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    edited_by  bigint REFERENCES accounts ON DELETE SET NULL,
    versions   json NOT NULL,
    detail     json,
    edited_at  timestamptz NOT NULL
);
CREATE INDEX edits_post ON edits (post_id, id);

-- Times are kept three ways: wall time, IANA zone, instant.
CREATE TABLE events (
    post_id        bigint PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    starts_at      timestamptz NOT NULL,
    starts_local   timestamp NOT NULL,
    zone           text NOT NULL,
    ends_at        timestamptz,
    ends_local     timestamp,
    previous_start timestamptz,
    status         text NOT NULL CHECK (status IN ('scheduled', 'tentative', 'postponed', 'moved', 'cancelled')),
    place_id       bigint REFERENCES places,
    online_url     text,
    capacity       int CHECK (capacity > 0),
    waiting_list   boolean NOT NULL DEFAULT true,
    join_mode      text NOT NULL DEFAULT 'free' CHECK (join_mode IN ('free', 'restricted', 'invite', 'external', 'none')),
    external_url   text,
    categories     text[] NOT NULL DEFAULT '{}',
    organisers     text[] NOT NULL DEFAULT '{}',
    series         text,
    rrule          text,
    sequence       int NOT NULL DEFAULT 0,
    going          int NOT NULL DEFAULT 0,
    question_uri   text,
    counted_at     timestamptz,
    CHECK (ends_at IS NULL OR ends_at > starts_at)
);
CREATE INDEX events_starts ON events (starts_at);
CREATE INDEX events_series ON events (series) WHERE series IS NOT NULL;

-- One list per event, whichever door an answer came through. guest_name/guest_email: people without an account anywhere.
CREATE TABLE rsvps (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    actor_id     bigint REFERENCES actors,
    guest_email  citext,
    guest_name   text,
    state        text NOT NULL CHECK (state IN ('going', 'maybe', 'waiting', 'asked', 'declined')),
    door         text NOT NULL CHECK (door IN ('button', 'join', 'accept', 'poll', 'reply', 'mail', 'panel')),
    note         text NOT NULL DEFAULT '',
    activity_uri text,
    answered_at  timestamptz NOT NULL DEFAULT now(),
    queued_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (event_id, actor_id),
    UNIQUE (event_id, guest_email),
    CHECK ((actor_id IS NULL) <> (guest_email IS NULL))
);
CREATE INDEX rsvps_waiting ON rsvps (event_id, queued_at, id) WHERE state = 'waiting';

CREATE TABLE findings (
    post_id      bigint PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    finding_kind text NOT NULL,
    claim        text NOT NULL DEFAULT '',
    reasons      text[] NOT NULL DEFAULT '{}',
    scope        text NOT NULL DEFAULT '',
    born_of      text,
    born_of_id   bigint REFERENCES posts ON DELETE SET NULL,
    sources      json NOT NULL DEFAULT '[]',
    contributors text[] NOT NULL DEFAULT '{}',
    license      text,
    state        text NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'corrected', 'retracted'))
);
CREATE INDEX findings_born_of ON findings (born_of_id) WHERE born_of_id IS NOT NULL;

CREATE TABLE calls (
    post_id      bigint PRIMARY KEY REFERENCES posts ON DELETE CASCADE,
    purpose      text NOT NULL DEFAULT 'request' CHECK (purpose IN ('request', 'offer')),
    skills       text[] NOT NULL DEFAULT '{}',
    effort       text NOT NULL DEFAULT '',
    effort_hours int,
    remote       boolean NOT NULL DEFAULT false,
    place_id     bigint REFERENCES places,
    zone         text NOT NULL DEFAULT 'UTC',
    deadline     timestamptz,
    begins       timestamptz,
    ends         timestamptz,
    places       int CHECK (places > 0),
    places_taken int NOT NULL DEFAULT 0,
    respond_by   text[] NOT NULL DEFAULT '{reply,offer,web}',
    contact      text NOT NULL DEFAULT '',
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'filled', 'closed', 'withdrawn')),
    intent_uri   text UNIQUE
);
CREATE INDEX calls_open ON calls (deadline) WHERE state = 'open';

-- Answers to calls: private to the answerer and the call's owner. A structured Offer carries its own id.
CREATE TABLE answers (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call_id       bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
    actor_id      bigint NOT NULL REFERENCES actors,
    door          text NOT NULL CHECK (door IN ('reply', 'offer', 'web', 'mail')),
    offer_uri     text UNIQUE,
    agreement_uri text UNIQUE,
    reply_id      bigint REFERENCES posts ON DELETE SET NULL,
    content       text NOT NULL DEFAULT '',
    quantity      int NOT NULL DEFAULT 1 CHECK (quantity > 0),
    hours         int,
    state         text NOT NULL CHECK (state IN ('offered', 'accepted', 'rejected', 'withdrawn')),
    answered_at   timestamptz NOT NULL DEFAULT now(),
    decided_at    timestamptz,
    decided_by    bigint REFERENCES accounts ON DELETE SET NULL
);
CREATE INDEX answers_call ON answers (call_id, id);
CREATE UNIQUE INDEX answers_reply ON answers (reply_id) WHERE reply_id IS NOT NULL;

-- Relations between actors.
CREATE TABLE follows (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    follower_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    followed_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    uri         text NOT NULL UNIQUE,
    state       text NOT NULL CHECK (state IN ('pending', 'accepted')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    UNIQUE (follower_id, followed_id)
);
CREATE INDEX follows_followed ON follows (followed_id, id) WHERE state = 'accepted';

CREATE TABLE blocks (
    blocker_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    blocked_id bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    uri        text UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (blocker_id, blocked_id)
);
CREATE INDEX blocks_blocked ON blocks (blocked_id);

-- kind like: emoji is ''. One per (actor, post, kind, emoji).
CREATE TABLE reactions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id   bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    post_id    bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('like', 'emoji')),
    emoji      text NOT NULL DEFAULT '',
    uri        text UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (actor_id, post_id, kind, emoji)
);
CREATE INDEX reactions_post ON reactions (post_id);

CREATE TABLE notifications (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       text NOT NULL,
    from_id    bigint REFERENCES actors ON DELETE CASCADE,
    post_id    bigint REFERENCES posts ON DELETE CASCADE,
    detail     json NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz
);
CREATE INDEX notifications_account ON notifications (account_id, id DESC);
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, kind, from_id, post_id) WHERE post_id IS NOT NULL AND kind <> 'rsvp' AND kind <> 'update';

-- Hubs other hubs may be told of (approved by an editor), and what was suggested by whom.
CREATE TABLE known_hubs (
    actor_id    bigint PRIMARY KEY REFERENCES actors ON DELETE CASCADE,
    state       text NOT NULL CHECK (state IN ('suggested', 'approved', 'dismissed')),
    seen_via    text,
    seen_at     timestamptz NOT NULL DEFAULT now(),
    approved_by bigint REFERENCES accounts ON DELETE SET NULL
);

-- What we said: every activity we sent or serve, as it was said.
CREATE TABLE activities (
    id           bigint PRIMARY KEY,
    uri          text NOT NULL UNIQUE,
    type         text NOT NULL,
    actor_id     bigint NOT NULL REFERENCES actors,
    post_id      bigint REFERENCES posts ON DELETE SET NULL,
    object_uri   text,
    audience     text NOT NULL,
    recipients   text[] NOT NULL DEFAULT '{}',
    document     text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX activities_actor ON activities (actor_id, id DESC);

-- What we owe: one row per inbox and activity, leased per host to a worker (store/leases.py). A row that is given up stays for a while with its reason.
CREATE TABLE deliveries (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    activity_id bigint NOT NULL REFERENCES activities ON DELETE CASCADE,
    signer_id   bigint NOT NULL REFERENCES actors,
    host        text NOT NULL,
    inbox       text NOT NULL,
    attempts    int NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    leased_by    int,
    last_error  text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    dead_at     timestamptz
);
CREATE UNIQUE INDEX deliveries_once ON deliveries (activity_id, md5(inbox));
CREATE INDEX deliveries_due ON deliveries (host, next_at) WHERE dead_at IS NULL;
CREATE INDEX deliveries_dead ON deliveries (dead_at) WHERE dead_at IS NOT NULL;

-- What was said to us: kept before we answer 202. once: SHA-256 of the activity's id and its actor. A finished row stays for
-- a while, without its body, so that a repeat changes nothing.
CREATE TABLE arrivals (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    once         bytea NOT NULL UNIQUE CHECK (octet_length(once) = 32),
    uri          text NOT NULL,
    type         text NOT NULL,
    actor_uri    text NOT NULL,
    host         text NOT NULL,
    body         text NOT NULL,
    attempts     int NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    leased_by    int,
    received_at  timestamptz NOT NULL DEFAULT now(),
    done_at      timestamptz,
    outcome      text CHECK (outcome IN ('accepted', 'ignored', 'refused', 'dead')),
    reason       text
);
CREATE INDEX arrivals_due ON arrivals (next_at, id) WHERE done_at IS NULL;
CREATE INDEX arrivals_lane ON arrivals (actor_uri, id) WHERE done_at IS NULL;
CREATE INDEX arrivals_done ON arrivals (done_at) WHERE done_at IS NOT NULL;

-- Work that needs the network or time but not an answer: fetch an object, back-fill an actor, process media, mail, count.
CREATE TABLE jobs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    once         text UNIQUE,
    host         text NOT NULL DEFAULT '',
    arguments    json NOT NULL DEFAULT '{}',
    attempts     int NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    leased_by    int,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    dead_at      timestamptz
);
CREATE INDEX jobs_due ON jobs (next_at, id) WHERE dead_at IS NULL;

-- What we know of other servers, and how they fare. breaker: federation/retry.py's memory of failures, NULL when all is well;
-- until open_until no call is made. approved_at: let in where the federation mode is not open.
CREATE TABLE hosts (
    host          text PRIMARY KEY,
    software      text,
    version       text,
    is_hub        boolean NOT NULL DEFAULT false,
    scheme        text CHECK (scheme IN ('draft', 'rfc9421')),
    scheme_at     timestamptz,
    breaker       json,
    open_until    timestamptz,
    last_ok_at    timestamptz,
    last_error    text,
    last_error_at timestamptz,
    nodeinfo_at   timestamptz,
    approved_at   timestamptz,
    seen_at       timestamptz NOT NULL DEFAULT now()
);

-- Tombstones of what we never had: a Create that comes after its Delete is not taken.
CREATE TABLE gone (
    uri        text PRIMARY KEY,
    actor_host text NOT NULL,
    gone_at    timestamptz NOT NULL DEFAULT now()
);

-- A measure of moderation, whoever takes it: one person, two people or a vote. proposed → confirmed → executed → ended.
CREATE TABLE measures (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind           text NOT NULL CHECK (kind IN ('warn', 'sensitive', 'limit', 'freeze', 'suspend', 'reject_media', 'reject_reports', 'purge', 'role')),
    target_kind    text NOT NULL CHECK (target_kind IN ('actor', 'domain')),
    target         text NOT NULL,
    detail         json NOT NULL DEFAULT '{}',
    private_reason text NOT NULL DEFAULT '',
    public_reason  text NOT NULL DEFAULT '',
    state          text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'executed', 'ended')),
    stands_alone   boolean NOT NULL DEFAULT false,
    proposed_by    bigint REFERENCES accounts ON DELETE SET NULL,
    confirmed_by   bigint REFERENCES accounts ON DELETE SET NULL,
    ended_by       bigint REFERENCES accounts ON DELETE SET NULL,
    proposed_at    timestamptz NOT NULL DEFAULT now(),
    confirmed_at   timestamptz,
    executed_at    timestamptz,
    review_at      timestamptz,
    ends_at        timestamptz,
    ended_at       timestamptz
);
CREATE INDEX measures_target ON measures (target_kind, target) WHERE state = 'executed';

-- Whether a host (A-label, perhaps with a port) is a domain or lies below it.
CREATE FUNCTION host_within(host text, domain text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(host, ':[0-9]+$', '') = domain
        OR right(regexp_replace(host, ':[0-9]+$', ''), length(domain) + 1) = '.' || domain
$$;

-- Whether a measure of this kind is in force on a host's domain.
CREATE FUNCTION domain_measure(wanted text, host text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM measures
         WHERE kind = wanted AND target_kind = 'domain' AND state = 'executed'
           AND (ends_at IS NULL OR ends_at > now())
           AND host_within(host, target))
$$;

-- Reports (AS2 Flag), from here or elsewhere.
CREATE TABLE reports (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uri         text UNIQUE,
    reporter_id bigint REFERENCES actors ON DELETE SET NULL,
    from_host   text,
    actor_id    bigint NOT NULL REFERENCES actors,
    post_uris   text[] NOT NULL DEFAULT '{}',
    content     text NOT NULL DEFAULT '',
    category    text NOT NULL DEFAULT 'other',
    forward     boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    resolved_by bigint REFERENCES accounts ON DELETE SET NULL
);

-- Append-only and hash-chained: link = SHA-256(previous link ‖ kind ‖ time ‖ SHA-256(salt ‖ content)). Redaction clears content and salt.
CREATE TABLE log (
    id           bigint PRIMARY KEY,
    kind         text NOT NULL,
    at           timestamptz NOT NULL,
    content      text,
    public       text,
    salt         bytea,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    link         bytea NOT NULL UNIQUE CHECK (octet_length(link) = 32),
    redacted_why text,
    CHECK ((content IS NULL) = (salt IS NULL))
);

-- How changes reach streams, feeds and caches. transaction_id lets a reader tolerate out-of-order commits.
CREATE TABLE happenings (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind           text NOT NULL,
    subject_id     bigint,
    detail         json NOT NULL DEFAULT '{}',
    at             timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX happenings_at ON happenings (at);

-- Counters of what arrived and was refused or not for us, by host, type and reason.
CREATE TABLE tallies (
    day    date NOT NULL,
    host   text NOT NULL,
    type   text NOT NULL,
    reason text NOT NULL,
    count  bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (day, host, type, reason)
);

-- Members of groups whose posts only members may read.
CREATE TABLE group_members (
    group_id  bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    actor_id  bigint NOT NULL REFERENCES actors ON DELETE CASCADE,
    role      text NOT NULL DEFAULT 'member' CHECK (role IN ('coordinator', 'member', 'invited', 'asked')),
    joined_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX group_members_actor ON group_members (actor_id);

-- Who may see a post. viewer: an actor's id, or NULL for a stranger. The one predicate behind every route, feed, search, stream and export.
CREATE FUNCTION may_see(post posts, viewer bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    -- In this order, so that what is public costs one look-up; PL/pgSQL keeps the plans, SQL would make them each time.
    IF post.deleted_at IS NOT NULL OR EXISTS (
        SELECT FROM actors author
         WHERE author.id = post.actor_id
           AND (author.suspended_at IS NOT NULL OR author.deleted_at IS NOT NULL OR author.host_suspended)) THEN
        RETURN false;
    END IF;
    IF viewer IS NOT NULL AND EXISTS (
        SELECT FROM blocks WHERE blocker_id = post.actor_id AND blocked_id = viewer) THEN
        RETURN false;
    END IF;
    IF post.boost_of_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM posts boosted WHERE boosted.id = post.boost_of_id AND may_see(boosted, viewer)) THEN
        RETURN false;
    END IF;
    IF post.audience IN ('public', 'unlisted') THEN
        RETURN true;
    END IF;
    IF viewer IS NULL THEN
        RETURN false;
    END IF;
    IF post.actor_id = viewer THEN
        RETURN true;
    END IF;
    IF post.audience IN ('followers', 'direct') AND EXISTS (
        SELECT FROM mentions WHERE post_id = post.id AND actor_id = viewer AND NOT silent) THEN
        RETURN true;
    END IF;
    IF post.audience = 'followers' THEN
        RETURN EXISTS (
            SELECT FROM follows WHERE followed_id = post.actor_id AND follower_id = viewer AND state = 'accepted');
    END IF;
    IF post.audience = 'hub' THEN
        RETURN EXISTS (SELECT FROM actors me WHERE me.id = viewer AND me.local AND me.role_here IN ('member', 'hub'));
    END IF;
    IF post.audience = 'group' THEN
        RETURN EXISTS (
            SELECT FROM group_members
             WHERE group_id = post.group_id AND actor_id = viewer AND role IN ('coordinator', 'member'));
    END IF;
    RETURN false;
END
$$;
