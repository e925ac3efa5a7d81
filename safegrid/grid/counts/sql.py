"""The SQL of counting. Names and conditions are the program's own; no value from outside is put in.

Sums are kept for these places, matters and industries:

| measure | of everything | of one matter with all below it, or of one section of industry |
| --- | --- | --- |
| of every past day | city, district, township | city, district |
| deep | city, district, township, community, cell | city, district, township |

Anything else is counted row by row, which is right for it: a cell has few rows.
"""

from safegrid.grid.counts.tallies import EVER, Tally
from safegrid.kernel.scope import LEVELS

DIMENSIONS = "district, township, community, cell, matter, industry"

#: Depths of places: the city is 0, a cell 4. How deep sums go: (of everything, of a matter or section).
DEPTHS = {False: (2, 1), True: (4, 2)}

DELTAS = "grid_countdelta"
COUNTS = "grid_count"


def contributions(tally: Tally) -> str:
    """Return the lateral join `c(measure, day, holds)` that says what a row `r` of the tally adds to."""
    lines = []
    for measure in tally.measures:
        day = measure.day or f"DATE '{EVER:%Y-%m-%d}'"
        lines.append(f"('{measure.name}', {day}, {measure.when})")
    return f"CROSS JOIN LATERAL (VALUES {', '.join(lines)}) AS c(measure, day, holds)"


def each(tally: Tally, rows: str) -> str:
    """Return the select of what each of `rows` adds, in the columns of a delta; `rows` have a `sign`."""
    matter = "r.matter_id" if tally.has_matter else "NULL::bigint"
    return f"""
        SELECT c.measure, c.day, r.district_id AS district, r.township_id AS township,
            r.community_id AS community, r.cell_id AS cell, {matter} AS matter, r.industry_id AS industry,
            r.sign AS n
        FROM ({rows}) AS r {contributions(tally)}
        WHERE c.holds AND {tally.kept}"""  # noqa: S608


def every(tally: Tally) -> str:
    """Return the select of what each row of a tally's table adds, in the columns of a delta."""
    return each(tally, f"SELECT *, 1 AS sign FROM {tally.table}")  # noqa: S608


def added(tally: Tally, rows: str) -> str:
    """Return the select that sums what `rows` add, in the columns of a delta; `rows` have a `sign`."""
    keys = f"measure, day, {DIMENSIONS}"
    return f"SELECT {keys}, sum(n) FROM ({each(tally, rows)}) AS d GROUP BY {keys} HAVING sum(n) <> 0"  # noqa: S608


def name_of(tally: Tally) -> str:
    """Return the name of the trigger's function."""
    return f"count_{tally.name}"


def trigger_function(tally: Tally) -> str:
    """Return the body of the trigger's function."""
    insert = f"INSERT INTO {DELTAS} (measure, day, {DIMENSIONS}, n)"
    new, old = "SELECT *, 1 AS sign FROM new_rows", "SELECT *, -1 AS sign FROM old_rows"
    return f"""
BEGIN
    IF TG_OP = 'INSERT' THEN
        {insert} {added(tally, new)};
    ELSIF TG_OP = 'DELETE' THEN
        {insert} {added(tally, old)};
    ELSE
        {insert} {added(tally, f"{new} UNION ALL {old}")};
    END IF;
    RETURN NULL;
END
"""


def install(tally: Tally) -> str:
    """Return the statements that make the triggers of a tally, or make them anew."""
    table, function = tally.table, name_of(tally)
    triggers = ""
    for event, rows in {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "NEW TABLE AS new_rows OLD TABLE AS old_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }.items():
        triggers += f"""
CREATE OR REPLACE TRIGGER {function}_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();"""
    body = trigger_function(tally)
    head = f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
    return f"{head} AS $${body}$$;{triggers}"


def _kept(everything_or_fine: int) -> list[str]:
    """Return the columns of the places that have sums, from wide to narrow.

    Below where all measures go, only the deep ones do; for the others such a column is empty.
    """
    every, deep = (DEPTHS[is_deep][everything_or_fine] for is_deep in (False, True))
    return [
        level if depth <= every else f"deep_{level}" for depth, level in enumerate(LEVELS[:deep], start=1)
    ]


def expanded(deltas: str) -> str:
    """Return the select that makes sums, in the columns of `Count`, of a select in those of a delta.

    Takes one parameter: the names of the deep measures. One pass sums for the narrowest places: of
    everything, of each matter and of each section. What lies above is added up from these, which are fewer.
    """
    everything, fine = _kept(0), _kept(1)
    sets = [everything, *([*fine, each] for each in ("matter", "section"))]
    places = list(dict.fromkeys([*everything, *fine]))
    deep = ", ".join(f"CASE WHEN is_deep THEN d.{level} END AS deep_{level}" for level in LEVELS)
    return f"""
        SELECT around.place, above.kept AS matter, g.section AS industry, g.measure, g.day, sum(g.n) AS n
        FROM (
            SELECT measure, day, {", ".join(places)},
                CASE WHEN GROUPING(matter) = 0 THEN matter ELSE 0 END AS matter,
                CASE WHEN GROUPING(section) = 0 THEN section ELSE 0 END AS section, sum(n) AS n
            FROM (
                SELECT d.*, coalesce(i.parent_id, i.id) AS section, {deep}
                FROM (SELECT *, measure = ANY(%s) AS is_deep FROM ({deltas}) AS d) AS d
                LEFT JOIN grid_industry AS i ON i.id = d.industry
            ) AS d
            GROUP BY GROUPING SETS ({", ".join(f"({', '.join(['measure', 'day', *each])})" for each in sets)})
        ) AS g
        CROSS JOIN LATERAL (VALUES (0), {", ".join(f"(g.{place})" for place in places)}) AS around (place)
        JOIN (
            SELECT 0::bigint AS id, 0::bigint AS kept
            UNION ALL
            SELECT m.id, up.id FROM grid_matter AS m JOIN grid_matter AS up ON starts_with(m.path, up.path)
        ) AS above ON above.id = g.matter
        WHERE around.place IS NOT NULL AND g.section IS NOT NULL
        GROUP BY 1, 2, 3, 4, 5
        HAVING sum(g.n) <> 0"""  # noqa: S608
