-- Offices are offered, taken with consent, handed over with a list, and never all vacant.

-- seats: how many should hold the role; fewer is a vacancy that everybody sees.
ALTER TABLE roles ADD COLUMN seats integer NOT NULL DEFAULT 0 CHECK (seats BETWEEN 0 AND 100);
UPDATE roles SET seats = 1 WHERE name IN ('steward', 'moderator');

ALTER TABLE mandates
    ADD COLUMN deputy_id bigint REFERENCES accounts ON DELETE SET NULL,
    ADD COLUMN deputy_agreed_at timestamptz,
    ADD COLUMN handover json NOT NULL DEFAULT '[]',       -- [{"text": …, "done": true}]
    ADD COLUMN interim boolean NOT NULL DEFAULT false,    -- a deputy stands in
    ADD COLUMN reminded_at timestamptz,
    ADD COLUMN overdue_since timestamptz,                 -- nobody follows: it goes on although its term is over
    ADD COLUMN settled_at timestamptz;                    -- its end has been seen to
CREATE INDEX mandates_ending ON mandates (ends_at) WHERE settled_at IS NULL;
UPDATE mandates SET settled_at = now() WHERE ends_at <= now();

-- What was decided about an office and its candidate has not answered yet. from_mandate_id: whose it was until then.
CREATE TABLE offers (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id      bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    role            text NOT NULL REFERENCES roles,
    ends_at         timestamptz NOT NULL,
    from_mandate_id bigint REFERENCES mandates ON DELETE SET NULL,
    measure_id      bigint REFERENCES measures ON DELETE SET NULL,
    offered_at      timestamptz NOT NULL DEFAULT now(),
    answered_at     timestamptz,
    taken           boolean
);
CREATE UNIQUE INDEX offers_open ON offers (account_id, role) WHERE answered_at IS NULL;
