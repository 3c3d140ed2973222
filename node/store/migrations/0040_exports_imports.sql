-- What members take along: exports made by a job, and files of another server brought in row by row.

CREATE TABLE exports (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'failed', 'gone')),
    step       integer NOT NULL DEFAULT 0,
    name       text,
    bytes      bigint,
    left_out   integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    ready_at   timestamptz
);
CREATE INDEX exports_of_account ON exports (account_id, id);
CREATE INDEX exports_old ON exports (created_at) WHERE state <> 'gone';

CREATE TABLE imports (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('follows', 'blocks', 'mutes', 'domain_blocks', 'bookmarks')),
    state      text NOT NULL DEFAULT 'preview' CHECK (state IN ('preview', 'running', 'done')),
    cut        integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at    timestamptz
);
CREATE INDEX imports_of_account ON imports (account_id, id);
CREATE INDEX imports_old ON imports (created_at);

CREATE TABLE import_rows (
    import_id bigint NOT NULL REFERENCES imports ON DELETE CASCADE,
    position  integer NOT NULL,
    target    text NOT NULL,
    host      text NOT NULL,
    options   json NOT NULL DEFAULT '{}',
    outcome   text CHECK (outcome IN ('done', 'known', 'not_found', 'refused', 'unreadable')),
    PRIMARY KEY (import_id, position)
);
CREATE INDEX import_rows_open ON import_rows (import_id, position) WHERE outcome IS NULL;
