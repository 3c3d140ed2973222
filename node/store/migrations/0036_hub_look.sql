-- How a hub looks of its own (schemas/look.py).

ALTER TABLE hub ADD COLUMN look json NOT NULL DEFAULT '{}';
CREATE UNIQUE INDEX actors_of_hub ON actors (role_here) WHERE role_here IN ('hub', 'instance', 'log');
