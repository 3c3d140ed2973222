-- What members look for, and which calls fit: nobody but the member is told.
CREATE TABLE matching_profiles (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    skills     text[] NOT NULL DEFAULT '{}',
    areas      text[] NOT NULL DEFAULT '{}',
    languages  text[] NOT NULL DEFAULT '{}',
    place      text NOT NULL DEFAULT '',
    latitude   double precision,
    longitude  double precision,
    radius_km  int NOT NULL DEFAULT 30 CHECK (radius_km > 0),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);

CREATE TABLE matches (
    account_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    call_id      bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    reasons      json NOT NULL,
    found_at     timestamptz NOT NULL DEFAULT now(),
    dismissed_at timestamptz,
    PRIMARY KEY (account_id, call_id)
);
CREATE INDEX matches_call ON matches (call_id);
