"""Background work on evidence."""

from celery import shared_task

from safegrid.files import preparing
from safegrid.files.choices import FileState
from safegrid.files.models import StoredFile

BATCH = 50


@shared_task(name="safegrid.files.tasks.prepare")
def prepare(pk: str) -> bool:
    """Prepare one file; return whether it is ready."""
    return preparing.prepare(pk)


@shared_task
def prepare_waiting() -> int:
    """Prepare what still waits, should its own task have been lost; return how many became ready."""
    waiting = StoredFile.objects.filter(state=FileState.WAITING).order_by("uploaded_at")
    return sum(preparing.prepare(str(pk)) for pk in waiting.values_list("pk", flat=True)[:BATCH])
