"""The hazard ledger among the files that can be imported."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.choices import Grade, Road, State
from hazards.grading import categories
from hazards.ledger import words
from hazards.ledger.fields import FIELDS, PROBLEMS, SHOWN
from hazards.ledger.importer import LedgerImporter
from safegrid.accounts.choices import PostKind
from safegrid.grid.imports.kinds import MAY_IMPORT, Kind, Vocabulary, kinds
from safegrid.grid.models import ImportJob

BATCH = 2_000  # rows: each batch costs the same statements, however many it has


def _rows(job: ImportJob, became: str) -> str:
    """Return the address of the list of the hazards of which `became` became."""
    narrowed = f"&became={became}" if became else ""
    return f"{reverse('hazards:list')}?tab=all&import={job.pk}{narrowed}"


_STATES = [(code, label) for code, label in State.choices if code != State.TO_CONFIRM]

hazards = kinds.plug(
    "hazards",
    Kind(
        code="hazards",
        label=_("Hazard ledger"),
        fields=FIELDS,
        importer=LedgerImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=_rows,
        vocabularies={
            "state": Vocabulary(
                lambda: [*_STATES, (words.FIXED_AT_ONCE, _("Fixed on the spot, and closed"))],
                partial(words.find, "state"),
            ),
            "grade": Vocabulary(lambda: Grade.choices, partial(words.find, "grade")),
            "source": Vocabulary(lambda: Road.choices, partial(words.find, "source")),
            "category": Vocabulary(
                lambda: list(categories.names().items()),
                lambda text: words.find_category(text, words.category_names()),
            ),
        },
        desk="hazards",
        importers=(*MAY_IMPORT, PostKind.OFFICER, PostKind.SUPERVISOR),
        batch=BATCH,
    ),
    order=15,
)
