-- What those who handle cases say to each other about a report, and what became of it.

CREATE TABLE case_notes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report_id  bigint NOT NULL REFERENCES reports ON DELETE CASCADE,
    account_id bigint REFERENCES accounts ON DELETE SET NULL,
    content    text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX case_notes_report ON case_notes (report_id, id);

ALTER TABLE reports
    ADD COLUMN outcome text CHECK (outcome IN ('acted', 'no_breach', 'elsewhere')),
    ADD COLUMN answer text NOT NULL DEFAULT '';

-- The lists of cases: all, of one person, of one server.
CREATE INDEX reports_open ON reports (id) WHERE resolved_at IS NULL;
CREATE INDEX reports_actor ON reports (actor_id, id);
CREATE INDEX measures_waiting ON measures (id) WHERE state <> 'ended';
CREATE INDEX measures_history ON measures (target_kind, target, id);
