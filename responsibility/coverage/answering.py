"""Who answers where, for a whole city at once: the rule of `assignments.resolution` as SQL.

It runs over distinct pairs of place and matter, not over sites. Where a site has an assignment of its
own, it is a pair by itself. `tests/responsibility/coverage` hold it to the rule.
"""

from responsibility.assignments.choices import Line
from responsibility.coverage.rules.register import MANNED
from safegrid.grid.choices import EnterpriseStatus, Level

#: Each site at work with each of its matters of the day. `own` is the site itself where it has an assignment.
SITES = f"""
    CREATE TEMPORARY TABLE audit_raw ON COMMIT DROP AS
    SELECT site.id AS site_id, site.district_id, site.township_id, site.community_id, site.cell_id,
        coalesce(site.township_id, 0) AS township, coalesce(site.community_id, 0) AS community,
        coalesce(site.cell_id, 0) AS cell, dated.matter_id,
        CASE WHEN site.id IN (
            SELECT site_id FROM responsibility_assignment WHERE site_id IS NOT NULL AND span @> %(day)s::date
        ) THEN site.id ELSE 0 END AS own
    FROM grid_site AS site
    JOIN grid_sitematter AS dated ON dated.site_id = site.id AND dated.span @> %(day)s::date
    WHERE site.status <> '{EnterpriseStatus.CLOSED}' AND site.district_id IS NOT NULL{{region}}
"""  # noqa: S608 (words of our own)

PAIRS = """
    CREATE TEMPORARY TABLE audit_pair ON COMMIT DROP AS
    SELECT row_number() OVER () AS pair, each.* FROM (
        SELECT DISTINCT district_id, township, community, cell, matter_id, own FROM audit_raw
    ) AS each
"""

SITE_OF_PAIR = """
    CREATE TEMPORARY TABLE audit_site ON COMMIT DROP AS
    SELECT pair.pair, raw.site_id, raw.matter_id,
        raw.district_id, raw.township_id, raw.community_id, raw.cell_id
    FROM audit_raw AS raw
    JOIN audit_pair AS pair USING (district_id, township, community, cell, matter_id, own)
"""

REQUIRED = f"""
    CREATE TEMPORARY TABLE audit_required ON COMMIT DROP AS
    SELECT DISTINCT matter.id AS matter_id, policy.line, policy.tier
    FROM responsibility_coveragepolicy AS policy
    LEFT JOIN grid_matter AS top ON top.id = policy.matter_id
    JOIN grid_matter AS matter ON top.id IS NULL OR starts_with(matter.path, top.path)
    WHERE policy.line <> '{Line.ENTERPRISE}'
"""  # noqa: S608 (words of our own)

#: The most specific assignments of each pair, line and tier. A site's own goes before all others; on the
#: territorial line the place counts before the matter, elsewhere the matter before the place.
ANSWERS = f"""
    CREATE TEMPORARY TABLE audit_answer ON COMMIT DROP AS
    WITH manned AS ({MANNED}), above AS (
        SELECT matter.id AS matter_id, top.id AS above_id, top.depth
        FROM grid_matter AS matter JOIN grid_matter AS top ON starts_with(matter.path, top.path)
    ), city AS (
        SELECT id FROM grid_district WHERE level = '{Level.CITY}'
    ), spot AS (
        SELECT pair.pair, pair.matter_id, place.id AS place_id, place.depth
        FROM audit_pair AS pair CROSS JOIN LATERAL (
            SELECT city.id, 1 AS depth FROM city
            UNION ALL VALUES (pair.district_id, 2), (pair.township, 3), (pair.community, 4), (pair.cell, 5)
        ) AS place
    ), candidate AS (
        SELECT spot.pair, given.line, given.tier, given.post_id,
            CASE WHEN given.line = '{Line.TERRITORIAL}' THEN spot.depth * 100 + above.depth
            ELSE above.depth * 100 + spot.depth END AS rank
        FROM spot
        JOIN above ON above.matter_id = spot.matter_id
        JOIN responsibility_assignment AS given
        ON given.district_id = spot.place_id AND given.matter_id = above.above_id
        AND given.span @> %(day)s::date
        UNION ALL
        SELECT pair.pair, given.line, given.tier, given.post_id, 100000 + above.depth
        FROM audit_pair AS pair
        JOIN above ON above.matter_id = pair.matter_id
        JOIN responsibility_assignment AS given
        ON given.site_id = pair.own AND given.matter_id = above.above_id AND given.span @> %(day)s::date
        WHERE pair.own <> 0
    ), best AS (
        SELECT pair, line, tier, post_id, rank,
            max(rank) OVER (PARTITION BY pair, line, tier) AS highest
        FROM candidate
    )
    SELECT best.pair, best.line, best.tier, best.post_id, post.unit_id,
        bool_or(manned.post_id IS NOT NULL) OVER (PARTITION BY best.pair, best.line, best.tier) AS is_manned
    FROM best
    JOIN accounts_post AS post ON post.id = best.post_id
    LEFT JOIN (SELECT DISTINCT post_id FROM manned) AS manned ON manned.post_id = best.post_id
    WHERE best.rank = best.highest
"""  # noqa: S608 (words of our own)

#: In this order; each is looked at before it is used, so that PostgreSQL knows how large it is.
STEPS = (
    ("audit_raw", SITES),
    ("audit_pair", PAIRS),
    ("audit_site", SITE_OF_PAIR),
    ("audit_required", REQUIRED),
    ("audit_answer", ANSWERS),
)
