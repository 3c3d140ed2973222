-- What others say became of a report that we forwarded: by the id of our Flag.
ALTER TABLE reports
    ADD COLUMN flag_uri text UNIQUE,
    ADD COLUMN home_outcome text CHECK (home_outcome IN ('acted', 'no_breach', 'elsewhere')),
    ADD COLUMN home_words text NOT NULL DEFAULT '',
    ADD COLUMN home_answered_at timestamptz;
