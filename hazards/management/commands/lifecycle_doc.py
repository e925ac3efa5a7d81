"""Write docs/hazard-lifecycle.md from the lifecycle table."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from hazards.lifecycle_doc import document

PATH = settings.BASE_DIR / "docs" / "hazard-lifecycle.md"


class Command(BaseCommand):
    """Write the page; running it again changes nothing unless the table has changed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page and say where."""
        with override("en"):
            text = document()
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} is written")
