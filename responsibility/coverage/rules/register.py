"""What the register itself lacks, so that nobody can answer: places, officers, regulators, principals."""

from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity, Whose
from responsibility.coverage.models import NO_REGULATOR
from responsibility.coverage.rules import Rule, add
from safegrid.accounts.choices import PostKind
from safegrid.grid.choices import EnterpriseStatus, Level, MatterOrigin

NO_LINE = "'', '', NULL::bigint"  # line, tier, matter
WORKS = f"site.status <> '{EnterpriseStatus.CLOSED}'"

#: Who may sign in; of a day that is over, whoever held a post then: as `accounts.queries.holders` says it.
ABLE = "(person.is_active OR %(day)s::date < %(today)s::date)"

#: A post that somebody holds or stands in for on the day, and who may sign in.
MANNED = f"""
    SELECT held.post_id FROM (
        SELECT post_id, user_id FROM accounts_holding WHERE span @> %(day)s::date
        UNION ALL
        SELECT post_id, user_id FROM accounts_substitution WHERE span @> %(day)s::date
    ) AS held
    JOIN accounts_user AS person ON person.id = held.user_id AND {ABLE}
"""  # noqa: S608 (words of our own)

#: The communities below which cells are drawn.
DRAWN = f"""
    SELECT community.id FROM grid_district AS cell
    JOIN grid_district AS community ON community.path = left(cell.path, -4)
    WHERE cell.level = '{Level.CELL}' AND cell.closed_on IS NULL
"""  # noqa: S608 (words of our own)

add(
    Rule(
        "unplaced",
        Kind.GAP,
        Severity.HIGH,
        _("Sites in no grid cell"),
        _("Without a cell no grid officer looks after a site. Place them on their pages or by a new import."),
        f"""
        SELECT coalesce(site.community_id, site.township_id, site.district_id, 0)::text,
            {NO_LINE}, NULL::bigint, NULL::bigint,
            site.district_id, site.township_id, site.community_id, NULL::bigint, site.id
        FROM grid_site AS site
        WHERE site.cell_id IS NULL AND {WORKS}
        AND (site.community_id IS NULL OR site.community_id IN ({DRAWN})){{region}}
        """,  # noqa: S608 (words of our own)
        mend=(_("Choose the place"), "grid:place"),
    ),
    order=40,
)

#: Of a whole township at once: that its cells are drawn is one decision, however many sites wait for it.
add(
    Rule(
        "undrawn",
        Kind.GAP,
        Severity.LOW,
        _("Communities without grid cells"),
        _("Where no cells are drawn no grid officer looks after a site. Draw those of these communities."),
        f"""
        SELECT site.township_id::text, {NO_LINE}, NULL::bigint, NULL::bigint,
            site.district_id, site.township_id, NULL::bigint, NULL::bigint, site.id
        FROM grid_site AS site
        WHERE site.cell_id IS NULL AND site.community_id IS NOT NULL AND {WORKS}
        AND site.community_id NOT IN ({DRAWN}){{region}}
        """,  # noqa: S608 (words of our own)
        whose=Whose.OFFICE,  # places come by its import
    ),
    order=45,
)

add(
    Rule(
        "no_officer",
        Kind.GAP,
        Severity.MEDIUM,
        _("A cell without a grid officer"),
        _("No grid officer's post reaches this cell, or nobody holds it. Appoint one or extend a scope."),
        f"""
        SELECT cell.id::text, {NO_LINE}, NULL::bigint, NULL::bigint,
            district.id, township.id, community.id, cell.id, NULL::bigint
        FROM grid_district AS cell
        JOIN grid_district AS community ON community.path = left(cell.path, -4)
        JOIN grid_district AS township ON township.path = left(cell.path, -8)
        JOIN grid_district AS district ON district.path = left(cell.path, -12)
        WHERE cell.level = '{Level.CELL}' AND cell.closed_on IS NULL AND NOT EXISTS (
            SELECT FROM accounts_postscope AS scope
            JOIN accounts_post AS post ON post.id = scope.post_id AND post.kind = '{PostKind.GRID_OFFICER}'
            WHERE scope.district_id IN (cell.id, community.id, township.id, district.id)
            AND scope.acting AND scope.post_id IN ({MANNED})
        )
        """,  # noqa: S608 (words of our own)
        local=False,
    ),
    order=50,
)

#: A site of no known industry has a regulator by a matter given to itself: as the government has answered.
add(
    Rule(
        NO_REGULATOR,
        Kind.GAP,
        Severity.HIGH,
        _("An industry that maps to no regulator"),
        _("No department governs what this industry does. Ask the government to name a regulator (Art. 10)."),
        f"""
        SELECT coalesce(site.industry_id, 0)::text, {NO_LINE}, site.industry_id, NULL::bigint,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.id
        FROM grid_site AS site
        WHERE {WORKS} AND (site.industry_id IS NULL AND NOT EXISTS (
            SELECT FROM grid_sitematter AS given
            JOIN grid_matter AS matter ON matter.id = given.matter_id
            JOIN grid_matter AS above ON starts_with(matter.path, above.path)
            JOIN responsibility_assignment AS assignment ON assignment.matter_id = above.id
            AND assignment.line = 'industry' AND assignment.span @> %(day)s::date
            WHERE given.site_id = site.id AND given.span @> %(day)s::date
            AND given.origin = '{MatterOrigin.HAND}'
        ) OR site.industry_id NOT IN (
            SELECT industry.id FROM grid_industry AS industry
            JOIN grid_industry_matters AS brings ON brings.industry_id IN (industry.id, industry.parent_id)
            JOIN grid_matter AS matter ON matter.id = brings.matter_id
            JOIN grid_matter AS above ON starts_with(matter.path, above.path)
            JOIN responsibility_assignment AS assignment ON assignment.matter_id = above.id
            AND assignment.line = 'industry' AND assignment.span @> %(day)s::date
        )){{region}}
        """,  # noqa: S608 (words of our own)
    ),
    order=60,
)

add(
    Rule(
        "no_principal",
        Kind.GAP,
        Severity.MEDIUM,
        _("An enterprise without a principal"),
        _("Nobody is named as the first responsible person (Art. 5, 21). Enter name and telephone."),
        f"""
        SELECT coalesce(site.cell_id, site.community_id, site.township_id, site.district_id, 0)::text,
            'enterprise', 'lead', NULL::bigint, NULL::bigint, NULL::bigint,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.id
        FROM grid_site AS site
        JOIN grid_enterprise AS enterprise ON enterprise.id = site.enterprise_id
        WHERE {WORKS} AND enterprise.principal = '' AND EXISTS (
            SELECT FROM responsibility_coveragepolicy WHERE line = 'enterprise' AND tier = 'lead'
        ) AND NOT EXISTS (
            SELECT FROM accounts_post AS post WHERE post.enterprise_id = enterprise.id
            AND post.kind = '{PostKind.PRINCIPAL}' AND post.id IN ({MANNED})
        ){{region}}
        """,  # noqa: S608 (words of our own)
        mend=(_("Name the principal"), "grid:principal"),
    ),
    order=70,
)

add(
    Rule(
        "certificate",
        Kind.GAP,
        Severity.MEDIUM,
        _("An officer whose certificate has expired"),
        _("Whoever inspects shows a certificate in date (Administrative Penalty Law, Art. 42). Renew it."),
        f"""
        SELECT post.id::text, {NO_LINE}, NULL::bigint, post.id,
            NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint
        FROM accounts_post AS post
        JOIN accounts_holding AS held ON held.post_id = post.id AND held.span @> %(day)s::date
        JOIN accounts_user AS person ON person.id = held.user_id AND {ABLE}
        WHERE post.kind = '{PostKind.OFFICER}' AND EXISTS (
            SELECT FROM accounts_certificate AS old
            WHERE old.user_id = person.id AND old.kind = 'enforcement'
        ) AND NOT EXISTS (
            SELECT FROM accounts_certificate AS valid
            WHERE valid.user_id = person.id AND valid.kind = 'enforcement' AND valid.span @> %(day)s::date
        )
        """,  # noqa: S608 (words of our own)
        local=False,
    ),
    order=80,
)
