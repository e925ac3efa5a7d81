"""Loading the published checklists: what is looked at, why, and on which article it rests."""

import csv
import datetime as dt
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from hazards.grading.defaults import load_categories
from inspections.models import Checklist, ChecklistItem
from safegrid.audit.services import record
from safegrid.grid.models import Matter

DATA = Path(__file__).resolve().parent / "data"

SELF_MONTHLY = "self-monthly"  # what an enterprise answers each month
INSPECTION = "inspection"  # what only officers look at, by matter

DIGITS = "零一二三四五六七八九"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the data files."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def numeral(number: int) -> str:
    """Return a number from 1 to 199 as Chinese laws write it: 一百零六, 三十六, 十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        text += DIGITS[0]
    return text + (DIGITS[ones] if ones else "")


def citation(law: dict[str, str], article: str) -> tuple[str, str]:
    """Return how an article is cited in Chinese and in English; "36.4" is its fourth paragraph.

    Without an article the whole law or standard is cited.
    """
    if not article:
        return law["name"], law["name_en"]
    number, _dot, paragraph = article.partition(".")
    chinese = f"{law['name']}第{numeral(int(number))}条"
    english = f"{law['name_en']}, Art. {number}"
    if paragraph:
        chinese += f"第{numeral(int(paragraph))}款"
        english += f"({paragraph})"
    return chinese, english


@transaction.atomic
def load_checklists(*, now: dt.datetime) -> int:
    """Add the checklists and items that are not there yet and return how many items are new.

    The grid's matters must be loaded. What is there already stays as it is; new items come last. Items have
    categories of hazards, so these are there from then on.
    """
    load_categories()
    laws = {row["code"]: row for row in rows("laws.csv")}
    matters = {matter.code: matter for matter in Matter.objects.all()}
    standing = set(ChecklistItem.objects.values_list("code", flat=True))
    added = 0
    for head in rows("checklists.csv"):
        checklist, _created = Checklist.objects.get_or_create(
            code=head["code"], defaults={"name": head["name"], "name_en": head["name_en"]}
        )
        fresh = [
            row
            for row in rows("items.csv")
            if row["checklist"] == checklist.code and row["code"] not in standing
        ]
        last = checklist.items.aggregate(last=Max("order"))["last"] or 0
        ChecklistItem.objects.bulk_create(
            _item(checklist, order, row, laws[row["law"]], matters[row["matter"]])
            for order, row in enumerate(fresh, start=last + 1)
        )
        if fresh:
            data = {"items": [row["code"] for row in fresh]}
            record(checklist, "checklist.load", actor=None, acting_post=None, now=now, data=data)
        added += len(fresh)
    return added


def _item(
    checklist: Checklist, order: int, row: dict[str, str], law: dict[str, str], matter: Matter
) -> ChecklistItem:
    basis, basis_en = citation(law, row["article"])
    return ChecklistItem(
        checklist=checklist,
        code=row["code"],
        order=order,
        text=row["text"],
        text_en=row["text_en"],
        why=row["why"],
        why_en=row["why_en"],
        basis=basis,
        basis_en=basis_en,
        matter=matter,
        features=row["features"].split(";") if row["features"] else [],
        category_id=row["category"],
    )
