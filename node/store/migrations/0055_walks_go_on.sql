-- Where a walk over a large table goes on the next time, so that each step of it is small.
CREATE TABLE walks (
    name text PRIMARY KEY,
    after bigint NOT NULL DEFAULT 0
);
