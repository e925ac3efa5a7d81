"""The documentation's table is the one that the portal goes by."""

from django.utils.translation import override

from hazards.lifecycle import MACHINE
from hazards.lifecycle_doc import document
from hazards.management.commands.lifecycle_doc import PATH


def test_the_page_is_fresh():
    with override("en"):
        assert PATH.read_text(encoding="utf-8") == document(), "run `manage.py lifecycle_doc`"


def test_every_row_of_the_table_is_in_it():
    with override("en"):
        rows = [line for line in document().splitlines() if line.startswith("| ")]
    assert len(rows) == len(MACHINE.moves) + 2
