-- What stewards decide about the hub later: its description in each language, what is kept for how long, announcements
-- for later, areas that are retired or went into another.
ALTER TABLE hub
    ADD COLUMN descriptions json NOT NULL DEFAULT '{}',
    ADD COLUMN retention json NOT NULL DEFAULT '{}';

ALTER TABLE announcements ADD COLUMN told_at timestamptz;
UPDATE announcements SET told_at = published_at;
CREATE INDEX announcements_due ON announcements (published_at) WHERE told_at IS NULL;

ALTER TABLE areas
    ADD COLUMN retired_at timestamptz,
    ADD COLUMN merged_into text REFERENCES areas (name);
