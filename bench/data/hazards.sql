-- Hazards with their obligations and the involvement of who found and ordered them, made by the database.
--
-- Whatever decides about a hazard follows from its number by `chance`, so that the rows are the same at every
-- making, in whatever parts and by however many connections they are made. Each statement makes the part from
-- %(first)s up to before %(last)s.

-- decide: what becomes of each hazard
WITH drawn AS (
    SELECT n, n / %(hazards)s::float8 AS age, bench.chance(n, 1) AS fate, bench.chance(n, 2) AS more,
        bench.chance(n, 3) < 0.35 AS is_own, bench.chance(n, 4) AS delay,
        floor(%(working)s * bench.chance(n, 5))::int AS second,
        floor(%(sites)s * power(bench.chance(n, 6), %(skew)s))::int AS rank,
        bench.rare_rank(%(findings)s, bench.chance(n, 7)) - 1
            + %(findings)s * floor(%(spots)s * bench.chance(n, 8))::int
            + CASE WHEN mod(n, %(rare)s) = 3 THEN %(findings)s * %(spots)s ELSE 0 END AS title
    FROM generate_series(%(first)s::bigint, %(last)s - 1) AS n
), found AS (
    SELECT drawn.*, %(since)s::date + floor(%(days)s * power(age, %(growth)s))::int AS found,
        NOT is_own AND bench.chance(n, 9) < 0.02 AS is_major,
        CASE
            WHEN fate >= 0.87 * age * age THEN CASE WHEN fate > 0.99 THEN 'cancelled' ELSE 'closed' END
            WHEN NOT is_own AND more < 0.08 THEN 'reported'
            WHEN NOT is_own AND more < 0.14 THEN 'graded'
            WHEN more > 0.82 THEN CASE WHEN is_own THEN 'to_confirm' ELSE 'to_accept' END
            ELSE 'rectifying'
        END AS state
    FROM drawn
), rectified AS (
    SELECT found.*, CASE
        WHEN state = 'closed' THEN least(found + 1 + floor(-11 * ln(1 - delay))::int, %(today)s - 1)
        WHEN state IN ('to_confirm', 'to_accept') THEN %(today)s - 1 - floor(-4 * ln(1 - delay))::int
    END AS rectified
    FROM found
), due AS (
    SELECT n, rank, title, is_own, is_major, state, found, second,
        CASE WHEN rectified IS NOT NULL THEN greatest(found, rectified) END AS rectified,
        CASE WHEN state = 'closed' THEN
            greatest(found, least(rectified + floor(6 * bench.chance(n, 10))::int, %(today)s - 1))
        END AS closed,
        CASE
            WHEN state = 'closed' THEN found + 1 + (ARRAY[3, 7, 15, 30])[1 + floor(4 * more)::int]
            WHEN state IN ('to_confirm', 'to_accept') THEN greatest(found, rectified - 3) + 5
            WHEN state = 'rectifying' THEN greatest(%(today)s - 12 + floor(60 * delay)::int, found + 3)
        END AS due
    FROM rectified
), placed AS (
    SELECT due.*, site.post AS own_post,
        site.matters[1 + floor(cardinality(site.matters) * power(bench.chance(n, 11), 2))::int] AS matter,
        site.district, site.cell
    FROM due JOIN bench.site AS site USING (rank)
), governed AS (
    -- One body looks after a matter at a site, so that none is ordered twice to put the same right.
    SELECT placed.*, bench.chance(64 * rank + matter, 12) AS whose, bench.chance(64 * rank + matter, 13) AS which
    FROM placed
), posts AS (
    SELECT governed.*, CASE WHEN is_own THEN own_post ELSE coalesce(
        CASE WHEN whose < 0.25 THEN of_cell.posts[1] END,
        CASE WHEN whose > 0.75
            THEN of_matter.posts[bench.rare_rank(cardinality(of_matter.posts), which)] END,
        of_district.posts[bench.rare_rank(cardinality(of_district.posts), which)]
    ) END AS post
    FROM governed
    LEFT JOIN bench.posts AS of_cell ON of_cell.place = governed.cell
    LEFT JOIN bench.posts AS of_district ON of_district.place = governed.district
    LEFT JOIN bench.posts AS of_matter ON of_matter.matter = governed.matter
), ordered AS (
    SELECT posts.*, NOT is_own AND state NOT IN ('reported', 'graded') AS is_ordered,
        CASE WHEN due IS NULL THEN least(found + 1, %(today)s - 1)
            ELSE greatest(found, least(due - 30, %(today)s - 1)) END AS ordered
    FROM posts
)
INSERT INTO bench.hazard
SELECT n, n + 1, rank, title, is_own, is_major, state, found, rectified, closed, due,
    matter, post, officer.holder, officer.unit, is_ordered, bench.at(found, second),
    CASE WHEN is_ordered THEN
        bench.at(ordered, CASE WHEN ordered = found THEN %(working)s ELSE second END)
    END,
    NOT is_own OR coalesce(CASE WHEN state = 'rectifying' THEN %(today)s ELSE rectified END > due, FALSE)
FROM ordered LEFT JOIN bench.officer AS officer USING (post);

-- hazards: the rows of the register
INSERT INTO hazards_hazard (
    id, number, enterprise_id, site_id, matter_id, industry_id, then_district_id, then_township_id, road,
    source, title, description, spot, item_code, category_id, grade, major_basis, risk, late_reason,
    paper_number, measures, fixed_on_the_spot, is_shared, state, version, found_at, found_by_id,
    found_post_id, ordered_by_id, ordering_unit_id, ordered_at, due_at, due_on, original_due_on, round,
    closed_at, days_late, search, search_text, district_id, township_id, community_id, cell_id
)
SELECT it.id, year.number, site.enterprise, site.site, it.matter, site.industry, site.district,
    site.township, CASE WHEN it.is_own THEN 'self' ELSE 'ordered' END,
    CASE WHEN it.is_own THEN 'self_inspection' ELSE 'inspection' END, title.title, '', title.spot, title.item,
    (%(categories)s::text[])[1 + floor(cardinality(%(categories)s::text[]) * power(bench.chance(n, 14), 1.5))::int],
    CASE WHEN it.is_major THEN 'major' ELSE 'general' END,
    CASE WHEN it.is_major THEN '重大事故隐患判定标准' ELSE '' END, '', '', '', title.measures, FALSE, it.is_shared,
    it.state, 3, it.found_at, it.holder, it.post, CASE WHEN it.is_ordered THEN it.post END, CASE WHEN it.is_ordered THEN it.unit END,
    it.ordered_at, bench.ends(due), coalesce(due, DATE '9999-12-31'), it.due, 1, bench.at(closed, %(working)s + 60),
    CASE WHEN it.state = 'closed' THEN it.rectified - it.due END,
    title.pairs || site.pairs || year.pairs, concat_ws(E'\n', lower(year.number), title.words, site.words),
    site.district, site.township, site.community, site.cell
FROM bench.hazard AS it
JOIN bench.site AS site USING (rank)
JOIN bench.title AS title ON title.id = it.title
JOIN LATERAL (
    SELECT number, ARRAY(SELECT substr(lower(number), i, 2) FROM generate_series(1, length(number) - 1) AS i)
        AS pairs
    FROM (
        SELECT format('XN-%%s-%%s', year, lpad((n - year.first + 1)::text, 6, '0')) AS number
        FROM bench.year AS year WHERE year.first <= n ORDER BY year.first DESC LIMIT 1
    ) AS numbered
) AS year ON TRUE
WHERE n >= %(first)s AND n < %(last)s ORDER BY n;

-- obligations: to put it right, and what its state asks of somebody
INSERT INTO responsibility_obligation (
    id, kind, subject_type_id, subject_id, site_id, enterprise_id, matter_id, debtor_post_id,
    debtor_enterprise_id, creditor_post_id, opened_at, due_at, due_on, original_due_on, closed_at, outcome,
    days_late, next_look_at, rung, announce, failures, is_major, is_shared, label, params,
    district_id, township_id, community_id, cell_id
)
SELECT owed.id, owed.kind, %(type)s, it.id, site.site, site.enterprise, it.matter, owed.debtor_post,
    owed.debtor_enterprise, owed.creditor, owed.opened, bench.ends(owed.due), owed.due, owed.due,
    bench.at(owed.done, %(working)s + 30), CASE WHEN owed.done IS NULL THEN '' ELSE 'met' END,
    owed.done - owed.due,
    CASE WHEN owed.done IS NULL THEN bench.ends(owed.due + (%(rungs)s::int[])[climbed.n + 1] - 1) END,
    CASE WHEN owed.done IS NULL THEN climbed.n ELSE 0 END, '{}', 0, it.is_major, it.is_shared, owed.kind,
    jsonb_build_object('number', hazard.number, 'title', hazard.title),
    site.district, site.township, site.community, site.cell
FROM bench.hazard AS it
JOIN hazards_hazard AS hazard USING (id)
JOIN bench.site AS site USING (rank)
CROSS JOIN LATERAL (
    SELECT 2 * it.id AS id, 'hazard_rectify' AS kind, NULL::bigint AS debtor_post,
        site.enterprise AS debtor_enterprise, CASE WHEN it.is_ordered THEN it.post END AS creditor,
        coalesce(it.ordered_at, it.found_at) AS opened, it.due, it.rectified AS done
    WHERE it.due IS NOT NULL
    UNION ALL
    SELECT 2 * it.id + 1, 'hazard_' || asked.kind, CASE WHEN asked.kind <> 'confirm' THEN it.post END,
        CASE WHEN asked.kind = 'confirm' THEN site.enterprise END, NULL,
        bench.at(coalesce(it.rectified, it.found), %(working)s), coalesce(it.rectified, it.found) + asked.days, NULL
    FROM (VALUES
        ('reported', 'decide', 2), ('graded', 'decide', 2), ('to_confirm', 'confirm', 3),
        ('to_accept', 'accept', 10)
    ) AS asked(state, kind, days)
    WHERE asked.state = it.state
) AS owed
CROSS JOIN LATERAL (
    SELECT count(*)::int AS n FROM unnest(%(rungs)s::int[]) AS days WHERE owed.due + days - 1 < %(today)s
) AS climbed
WHERE it.n >= %(first)s AND it.n < %(last)s ORDER BY owed.id;

-- involvements: who found it, who ordered it; a few were found when the post reached elsewhere
INSERT INTO accounts_involvement (id, subject_type_id, subject_id, post_id, role, since, until, is_outside)
SELECT part.id, %(type)s, it.id, post, part.role, part.since, NULL, mod(n, 97) = 0
FROM bench.hazard AS it
CROSS JOIN LATERAL (
    VALUES (2 * it.id, 'found', found_at), (2 * it.id + 1, 'ordered', ordered_at)
) AS part(id, role, since)
WHERE post IS NOT NULL AND part.since IS NOT NULL AND n >= %(first)s AND n < %(last)s ORDER BY part.id;
