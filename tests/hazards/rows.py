"""All that an act on a hazard could change, as it stands in the database."""

from django.apps import apps
from django.db import connection

from responsibility.models import Alert, Obligation
from safegrid.accounts.models import Involvement
from safegrid.audit.models import ChainHead, Entry
from safegrid.files.models import Evidence

MODELS = (
    *apps.get_app_config("hazards").get_models(include_auto_created=True),
    *(Obligation, Alert, Involvement, Entry, ChainHead, Evidence),
)
ROWS = " UNION ALL ".join(
    f"SELECT '{model._meta.db_table}' AS kind, r::text AS line FROM {model._meta.db_table} AS r"
    for model in MODELS
)


def everything() -> list[tuple[str, str]]:
    """Return each row as text, with its table before it. One query, however many tables there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"{ROWS} ORDER BY kind, line")
        return cursor.fetchall()
