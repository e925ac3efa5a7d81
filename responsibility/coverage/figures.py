"""How covered each district is, day by day: what the page of coverage shows and draws a trend from."""

import datetime as dt

from django.db import connection

from responsibility.coverage.choices import FindingState, Kind
from responsibility.coverage.models import NO_REGULATOR, CoverageDay
from safegrid.grid.choices import EnterpriseStatus

#: Sites at work by district and matter (a matter with all below it; null: all of them), and how many of these
#: have an open finding on a line, or have no matter on which one could be missing. What was dismissed is no
#: gap: somebody decided so and said why. For what stands in no district nobody answers.
WRITE = f"""
    WITH above AS (
        SELECT matter.id AS matter_id, top.id AS top_id
        FROM grid_matter AS matter JOIN grid_matter AS top ON starts_with(matter.path, top.path)
        UNION ALL SELECT id, NULL FROM grid_matter
    ), looked AS (
        SELECT DISTINCT site.id, site.district_id, above.top_id
        FROM grid_site AS site
        JOIN grid_sitematter AS dated ON dated.site_id = site.id AND dated.span @> %(day)s::date
        JOIN above USING (matter_id)
        WHERE site.status <> '{EnterpriseStatus.CLOSED}'
        UNION
        SELECT site.id, site.district_id, NULL FROM grid_site AS site
        WHERE site.status <> '{EnterpriseStatus.CLOSED}'
    ), bad AS (
        SELECT known.site_id, above.top_id, bool_or(finding.kind = '{Kind.GAP}') AS gap,
            bool_or(finding.kind = '{Kind.OVERLAP}') AS twice
        FROM responsibility_findingsite AS known
        JOIN responsibility_finding AS finding ON finding.id = known.finding_id
        JOIN (SELECT * FROM above UNION ALL SELECT NULL, NULL) AS above
        ON above.matter_id IS NOT DISTINCT FROM known.matter_id
        WHERE finding.state = '{FindingState.OPEN}' AND known.gone_at IS NULL
        AND (known.line <> '' OR finding.rule = '{NO_REGULATOR}' AND NOT EXISTS (
            SELECT FROM grid_sitematter AS dated
            WHERE dated.site_id = known.site_id AND dated.span @> %(day)s::date
        ))
        GROUP BY known.site_id, above.top_id
    )
    INSERT INTO responsibility_coverageday (day, district_id, matter_id, sites, answered, repeated)
    SELECT %(day)s, looked.district_id, looked.top_id, count(*),
        count(*) FILTER (WHERE bad.gap IS NOT TRUE AND looked.district_id IS NOT NULL),
        count(*) FILTER (WHERE bad.twice)
    FROM looked
    LEFT JOIN bad ON bad.site_id = looked.id AND coalesce(bad.top_id, 0) = coalesce(looked.top_id, 0)
    GROUP BY looked.district_id, looked.top_id
"""  # noqa: S608 (words of our own)


def write(*, day: dt.date) -> None:
    """Write down how covered the districts are on the local `day`; written again, it is replaced."""
    CoverageDay.objects.filter(day=day).delete()
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"day": day})
