"""The SQL of counting. Names and conditions are the program's own; no value from outside is put in.

Sums are kept for these places, matters and industries:

| measure | of everything | of one matter with all below it, or of one section of industry |
| --- | --- | --- |
| of every past day | city, district, township | city, district |
| deep | city, district, township, community, cell | city, district, township |

Anything else is counted row by row, which is right for it: a cell has few rows.
"""

from safegrid.grid.counts.tallies import EVER, Tally

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


def added(tally: Tally, rows: str) -> str:
    """Return the select that sums what `rows` add, in the columns of a delta; `rows` have a `sign`."""
    matter = "r.matter_id" if tally.has_matter else "NULL::bigint"
    return f"""
        SELECT c.measure, c.day, r.district_id, r.township_id, r.community_id, r.cell_id,
               {matter}, r.industry_id, sum(r.sign) AS n
        FROM ({rows}) AS r {contributions(tally)}
        WHERE c.holds
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        HAVING sum(r.sign) <> 0"""  # noqa: S608


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


def expanded(deltas: str) -> str:
    """Return the select that makes sums, in the columns of `Count`, of a select in those of a delta.

    Takes one parameter: the names of the deep measures.
    """
    (most, fine), (most_deep, fine_deep) = DEPTHS[False], DEPTHS[True]
    return f"""
        SELECT p.place, k.matter, k.industry, d.measure, d.day, sum(d.n) AS n
        FROM ({deltas}) AS d
        CROSS JOIN LATERAL (
            VALUES (0::bigint, 0), (d.district, 1), (d.township, 2), (d.community, 3), (d.cell, 4)
        ) AS p(place, depth)
        CROSS JOIN LATERAL (
            SELECT 0::bigint AS matter, 0::bigint AS industry, FALSE AS is_fine
            UNION ALL
            SELECT above.id, 0, TRUE FROM grid_matter AS m
            JOIN grid_matter AS above ON starts_with(m.path, above.path) WHERE m.id = d.matter
            UNION ALL
            SELECT 0, coalesce(i.parent_id, i.id), TRUE FROM grid_industry AS i WHERE i.id = d.industry
        ) AS k
        CROSS JOIN LATERAL (SELECT d.measure = ANY(%s) AS is_deep) AS q
        WHERE p.place IS NOT NULL AND p.depth <= CASE
            WHEN q.is_deep AND k.is_fine THEN {fine_deep} WHEN q.is_deep THEN {most_deep}
            WHEN k.is_fine THEN {fine} ELSE {most} END
        GROUP BY 1, 2, 3, 4, 5
        HAVING sum(d.n) <> 0"""  # noqa: S608
