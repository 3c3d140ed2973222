-- An office may begin on a day to come; without one it begins when it is taken.
ALTER TABLE offers ADD COLUMN starts_at timestamptz;
