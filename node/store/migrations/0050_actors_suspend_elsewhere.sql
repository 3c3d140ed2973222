-- Who is suspended by their own server, and who had part in a measure: they do not decide about the appeal.

ALTER TABLE actors ADD COLUMN suspended_there boolean NOT NULL DEFAULT false;

CREATE OR REPLACE VIEW public_actors AS
SELECT id, uri, kind, local, role_here, name, host, display_name, display_names, summary, url, inbox, shared_inbox,
       outbox, followers, following, featured, upcoming, locked, discoverable, indexable, fields, also_known_as,
       moved_to, icon_id, banner_id, icon_url, banner_url, place_id, public_key_id, public_key, multikey_id, multikey,
       published_at, created_at, updated_at, fetched_at, backfilled_at, suspended_at, limited_at, host_suspended,
       host_limited, deleted_at, bot, hide_collections, attribution_domains, frozen_at, sensitized_at, suspended_there
  FROM actors;

-- Proposed it, confirmed it, or voted about it.
CREATE FUNCTION had_part(measure bigint, account bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM measures m WHERE m.id = measure AND account IN (m.proposed_by, m.confirmed_by))
        OR EXISTS (SELECT FROM ballots b WHERE b.measure_id = measure AND b.account_id = account
                      AND b.choice IS NOT NULL);
