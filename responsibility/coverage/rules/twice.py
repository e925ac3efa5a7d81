"""One enterprise that stands in the register twice: it is asked, visited and counted twice."""

from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import Rule, add, compared

RULE = "entered_twice"

#: Of the same name, at the same address or with the same telephone, and not with two codes. Names of two or
#: three characters (拉面馆) are those of many.
add(
    Rule(
        RULE,
        Kind.OVERLAP,
        Severity.MEDIUM,
        _("Registered twice"),
        _("Two records seem to be one enterprise. Merge them; if they are two, dismiss with the reason."),
        f"""
        WITH named AS (
            SELECT {compared("name")} AS name, id, uscc, phone
            FROM grid_enterprise WHERE merged_into_id IS NULL AND status <> 'closed'
        ), often AS (
            SELECT named.* FROM named
            JOIN (SELECT name FROM named GROUP BY name HAVING count(*) > 1) AS again USING (name)
            WHERE length(name) > 3
        ), placed AS (
            SELECT often.*, {compared("site.address")} AS address, site.id AS site,
                site.district_id, site.township_id, site.community_id, site.cell_id
            FROM often JOIN grid_site AS site ON site.enterprise_id = often.id AND site.status <> 'closed'
        )
        SELECT DISTINCT least(one.id, other.id) || ':' || greatest(one.id, other.id),
            '', '', NULL::bigint, NULL::bigint, NULL::bigint,
            one.district_id, one.township_id, one.community_id, one.cell_id, one.site
        FROM placed AS one
        JOIN placed AS other ON other.name = one.name AND other.id <> one.id
        WHERE (one.uscc IS NULL OR other.uscc IS NULL)
        AND (one.address = other.address AND one.address <> '' OR one.phone = other.phone AND one.phone <> '')
        """,  # noqa: S608 (words of our own)
        local=False,
    ),
    order=120,
)
