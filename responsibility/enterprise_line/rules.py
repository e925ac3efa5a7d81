"""What the audit of coverage finds on the enterprise's own line."""

from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import Rule, add
from responsibility.coverage.rules.register import NO_LINE, WORKS
from responsibility.enterprise_line.choices import CredentialKind, CredentialState

add(
    Rule(
        "staff_certificate",
        Kind.GAP,
        Severity.MEDIUM,
        _("An enterprise's person whose certificate has expired"),
        _(
            "Safety managers and special-operations workers work with a certificate in date (Art. 27, 30). "
            "The enterprise renews it."
        ),
        f"""
        SELECT coalesce(site.cell_id, site.community_id, site.township_id, site.district_id, 0)::text,
            {NO_LINE}, NULL::bigint, NULL::bigint,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.id
        FROM grid_site AS site
        WHERE {WORKS} AND site.enterprise_id IN (
            SELECT expired.enterprise_id FROM responsibility_credential AS expired
            WHERE expired.state = '{CredentialState.CURRENT}' AND expired.due_on < %(day)s::date
            AND expired.kind <> '{CredentialKind.STANDARDIZATION}'
        ){{region}}
        """,  # noqa: S608 (words of our own)
    ),
    order=90,
)
