-- Whether a measure is on a host is asked for every actor and every file that comes. What stands above a host is cut out
-- of its name in a loop: splitting and joining cost five times as much.
CREATE OR REPLACE FUNCTION domains_above(host text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    rest text := regexp_replace(host, ':[0-9]+$', '');
    found text[] := ARRAY[rest];
    dot integer := strpos(rest, '.');
BEGIN
    WHILE dot > 0 LOOP
        rest := substr(rest, dot + 1);
        found := found || rest;
        dot := strpos(rest, '.');
    END LOOP;
    RETURN found;
END
$$;

-- Whether a measure of this kind is in force on one of these domains. It is looked up by its target alone, with a plan
-- made once: when that is made, nothing may be known yet of how many measures there will be, and the planner must not
-- take the table, or another index, for as good as this one. OFFSET keeps the other conditions from it.
CREATE FUNCTION domain_measure_on(wanted text, domains text[]) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET enable_seqscan = off SET plan_cache_mode = 'force_generic_plan' AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM (SELECT kind, state, ends_at FROM measures
                      WHERE target_kind = 'domain' AND target = ANY (domains) OFFSET 0) found
         WHERE kind = wanted AND state = 'executed' AND (ends_at IS NULL OR ends_at > now()));
END
$$;

CREATE OR REPLACE FUNCTION domain_measure(wanted text, host text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN domain_measure_on(wanted, domains_above(host));

DROP INDEX measures_target;  -- measures_history begins with the same
