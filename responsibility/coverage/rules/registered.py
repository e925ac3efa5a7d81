"""An enterprise in an imported business register that the grid does not know: where supervision leaks."""

from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import Rule, add

#: Grouped by township: a register of a city is a page of findings.
add(
    Rule(
        "unknown_enterprise",
        Kind.GAP,
        Severity.HIGH,
        _("Registered, and not known here"),
        _(
            "A business register has enterprises that the grid does not know."
            " Register them, or say why they need no site."
        ),
        """
        SELECT coalesce(entry.township_id, entry.district_id, 0)::text,
            '', '', NULL::bigint, NULL::bigint, NULL::bigint,
            entry.district_id, entry.township_id, NULL::bigint, NULL::bigint, NULL::bigint
        FROM grid_registerentry AS entry
        WHERE NOT EXISTS (SELECT FROM grid_enterprise AS known WHERE known.uscc = entry.uscc)
        AND entry.id NOT IN (SELECT entry_id FROM responsibility_setaside)
        """,
        local=False,
        counts_rows=True,
    ),
    order=110,
)
