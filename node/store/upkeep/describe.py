"""What a database looks like, as lines that two databases can be compared by: the sum of the migrations must be
`schema.sql`. The order of columns does not count, since a column added later stands last."""

from __future__ import annotations

from node.store.db import Db

# Each question answers with one text per thing. Things of extensions and the table of migrations are left out.
COLUMNS = """
    SELECT format(
        'column %s.%s %s%s%s%s',
        c.relname,
        a.attname,
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
        CASE a.attidentity WHEN '' THEN '' ELSE ' identity ' || a.attidentity::text END,
        coalesce(
            CASE a.attgenerated WHEN '' THEN ' default ' ELSE ' generated ' END || pg_get_expr(d.adbin, d.adrelid), ''
        )
    )
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p')
      AND c.relname <> 'migrations'
      AND a.attnum > 0
      AND NOT a.attisdropped
"""
CONSTRAINTS = """
    SELECT format('constraint %s on %s: %s', o.conname, c.relname, pg_get_constraintdef(o.oid))
    FROM pg_constraint o
    JOIN pg_class c ON c.oid = o.conrelid
    WHERE o.connamespace = 'public'::regnamespace
      AND o.contype <> 'n'
      AND c.relname <> 'migrations'
"""
INDEXES = """
    SELECT format('index %s', pg_get_indexdef(i.indexrelid))
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relname <> 'migrations'
"""
VIEWS_AND_SEQUENCES = """
    SELECT format('%s %s %s', c.relkind, c.relname, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND c.relname <> 'migrations'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')
"""
FUNCTIONS = """
    SELECT format('function %s', pg_get_functiondef(p.oid))
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND p.prokind <> 'a'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
"""
AGGREGATES = """
    SELECT format('aggregate %s: %s, %s, %s', p.oid::regprocedure, a.aggtransfn, a.aggtranstype::regtype, a.agginitval)
    FROM pg_aggregate a
    JOIN pg_proc p ON p.oid = a.aggfnoid
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
"""
TRIGGERS = """
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
    FROM pg_trigger t
    WHERE NOT t.tgisinternal
"""
TYPES = """
    SELECT format(
        'type %s %s %s %s',
        t.typname,
        t.typtype,
        (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
        (SELECT string_agg(pg_get_constraintdef(o.oid), ',' ORDER BY o.conname)
         FROM pg_constraint o
         WHERE o.contypid = t.oid)
    )
    FROM pg_type t
    WHERE t.typnamespace = 'public'::regnamespace
      AND t.typtype IN ('e', 'd')
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = t.oid AND e.deptype = 'e')
"""
EXTENSIONS = "SELECT format('extension %s', extname) FROM pg_extension"
QUESTIONS = (COLUMNS, CONSTRAINTS, INDEXES, VIEWS_AND_SEQUENCES, FUNCTIONS, AGGREGATES, TRIGGERS, TYPES, EXTENSIONS)


async def describe(db: Db) -> list[str]:
    """Everything there is, from tables and columns to functions and extensions, one line each, sorted."""
    return sorted([row[0] for question in QUESTIONS for row in await db.fetch(question)])
