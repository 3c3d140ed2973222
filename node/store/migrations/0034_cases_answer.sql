-- Cases keep what was reported as it was then, belong to somebody, are followed without an account, and are appealed.

ALTER TABLE reports
    ADD COLUMN assigned_to bigint REFERENCES accounts ON DELETE SET NULL,
    ADD COLUMN visitor_name text NOT NULL DEFAULT '',
    ADD COLUMN visitor_email text,
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    ADD COLUMN forwarded_at timestamptz;

CREATE TABLE case_posts (
    report_id bigint NOT NULL REFERENCES reports ON DELETE CASCADE,
    place     smallint NOT NULL,
    uri       text NOT NULL,
    reported  boolean NOT NULL, -- else what it answered
    record    text NOT NULL,
    taken_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (report_id, place)
);

-- Cases that belong together, by hand; each pair stands once.
CREATE TABLE case_links (
    one_id   bigint NOT NULL REFERENCES reports ON DELETE CASCADE,
    other_id bigint NOT NULL REFERENCES reports ON DELETE CASCADE,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
);
CREATE INDEX case_links_other ON case_links (other_id);

-- What is often told to those who report, by language.
CREATE TABLE case_templates (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL UNIQUE,
    outcome text CHECK (outcome IN ('acted', 'no_breach', 'elsewhere')),
    texts   json NOT NULL
);
INSERT INTO case_templates (name, outcome, texts) VALUES
    ('Something was done', 'acted', '{"en": "Thank you for telling us. We looked at it and have done something about it.",
      "de": "Danke, dass du uns Bescheid gegeben hast. Wir haben es uns angesehen und etwas unternommen.",
      "fr": "Merci de nous avoir prévenus. Nous avons examiné le cas et avons agi."}'),
    ('No rule was broken', 'no_breach', '{"en": "Thank you for telling us. We looked at it: none of our rules was broken. You can mute or block whoever you do not want to read.",
      "de": "Danke, dass du uns Bescheid gegeben hast. Wir haben es uns angesehen: Es verstößt gegen keine unserer Regeln. Wen du nicht lesen willst, kannst du stummschalten oder blockieren.",
      "fr": "Merci de nous avoir prévenus. Nous avons examiné le cas : aucune de nos règles n’a été enfreinte. Vous pouvez masquer ou bloquer les personnes que vous ne voulez pas lire."}'),
    ('Others have to decide', 'elsewhere', '{"en": "Thank you for telling us. Others have to decide about this; we have passed it on.",
      "de": "Danke, dass du uns Bescheid gegeben hast. Darüber müssen andere entscheiden; wir haben es weitergegeben.",
      "fr": "Merci de nous avoir prévenus. D’autres doivent en décider ; nous leur avons transmis le cas."}');

-- What somebody measured says against it, once; decided by somebody else than who took the measure.
CREATE TABLE appeals (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    measure_id bigint NOT NULL UNIQUE REFERENCES measures ON DELETE CASCADE,
    content    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    decided_by bigint REFERENCES accounts ON DELETE SET NULL,
    granted    boolean,
    answer     text NOT NULL DEFAULT ''
);
CREATE INDEX appeals_open ON appeals (id) WHERE decided_at IS NULL;
CREATE INDEX reports_assigned ON reports (assigned_to) WHERE resolved_at IS NULL;
