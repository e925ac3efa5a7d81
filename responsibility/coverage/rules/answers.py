"""Who answers for a site, audited: nobody, a vacant post, or two at once."""

from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity, Whose
from responsibility.coverage.rules import Rule, add
from responsibility.coverage.rules.register import MANNED

VACANT = "vacant"

#: Where a pair of site and matter stands: its lowest place, in the key of a finding.
PLACE = "coalesce(site.cell_id, site.community_id, site.township_id, site.district_id)"

add(
    Rule(
        "nobody",
        Kind.GAP,
        Severity.HIGH,
        _("Nobody is assigned"),
        _("A line and tier that must be answered for has no assignment. Assign a post."),
        f"""
        SELECT concat_ws(':', required.line, required.tier, {PLACE}, site.matter_id),
            required.line, required.tier, site.matter_id, NULL::bigint, NULL::bigint,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.site_id
        FROM audit_site AS site
        JOIN audit_required AS required ON required.matter_id = site.matter_id
        WHERE NOT EXISTS (
            SELECT FROM audit_answer AS answer WHERE answer.pair = site.pair
            AND answer.line = required.line AND answer.tier = required.tier
        )
        """,  # noqa: S608 (words of our own)
    ),
    order=10,
)

add(
    Rule(
        VACANT,
        Kind.GAP,
        Severity.HIGH,
        _("The post is vacant"),
        _("The post that answers has no holder, or a disabled one, and no substitute. Fill it or name one."),
        """
        SELECT answer.post_id::text, answer.line, answer.tier, site.matter_id, NULL::bigint, answer.post_id,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.site_id
        FROM audit_answer AS answer
        JOIN audit_site AS site ON site.pair = answer.pair
        WHERE NOT answer.is_manned
        """,
    ),
    order=20,
)

#: Every vacant post that has duties and stands behind none of the findings of `vacant`.
add(
    Rule(
        "vacant_idle",
        Kind.GAP,
        Severity.LOW,
        _("A vacant post has duties"),
        _("Nobody holds it. No site waits for it today: none stands there, or another post goes before it."),
        f"""
        SELECT DISTINCT given.post_id::text, '', '', NULL::bigint, NULL::bigint, given.post_id,
            NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint
        FROM responsibility_assignment AS given
        WHERE given.span @> %(day)s::date
        AND given.post_id NOT IN ({MANNED}) AND given.post_id NOT IN (SELECT post_id FROM audit_vacant)
        """,  # noqa: S608 (words of our own)
        local=False,
    ),
    order=25,
)

add(
    Rule(
        "overlap",
        Kind.OVERLAP,
        Severity.MEDIUM,
        _("Two bodies answer for the same"),
        _("Assignments of two bodies are equally specific. End one, or make it narrower."),
        f"""
        SELECT concat_ws(':', twice.line, twice.tier, {PLACE}, site.matter_id),
            twice.line, twice.tier, site.matter_id, NULL::bigint, NULL::bigint,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.site_id
        FROM (
            SELECT pair, line, tier FROM audit_answer
            GROUP BY pair, line, tier HAVING count(DISTINCT unit_id) > 1
        ) AS twice
        JOIN audit_site AS site ON site.pair = twice.pair
        """,  # noqa: S608 (words of our own)
        whose=Whose.DISTRICT,
    ),
    order=30,
)
