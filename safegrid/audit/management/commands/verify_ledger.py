"""Prove that the ledger is complete and unaltered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from safegrid.audit.models import Entry, Seal
from safegrid.audit.services import verify


class Command(BaseCommand):
    """Recompute every chain and seal; fail when one does not agree."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was proven, or every disagreement."""
        wrong = verify()
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(f"{len(wrong)} disagreements")
        entries, seals = Entry.objects.count(), Seal.objects.count()
        self.stdout.write(f"{entries} entries in unbroken chains, {seals} seals: all agree")
