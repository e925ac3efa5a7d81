"""What kind of deficiency a hazard is (隐患类别): a tree of rows that an office keeps.

A code begins with the code of the row above it and a dot, as "fire.escape" under "fire", so the tree can
neither be torn nor go in a circle. A hazard keeps what was chosen, also when that is no longer in use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safegrid.kernel.names import choose
from safegrid.kernel.refusals import Invalid

CODE = RegexValidator(
    r"^[a-z0-9_]+(\.[a-z0-9_]+)*\Z",
    gettext_lazy("Small letters, digits and _, with a dot before each level."),
)
BETWEEN = " › "
INDENT = "\u2003"  # an em space, which a browser keeps at the beginning of an option


class HazardCategory(models.Model):
    """One kind of deficiency."""

    code = models.CharField(gettext_lazy("code"), max_length=40, unique=True, validators=[CODE])
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="children",
        verbose_name=gettext_lazy("belongs to"),
    )
    name = models.CharField(gettext_lazy("name"), max_length=60)
    name_en = models.CharField(gettext_lazy("English name"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)  # among those beside it
    source = models.CharField(gettext_lazy("source"), max_length=200)
    since = models.DateField(gettext_lazy("in force from"))
    until = models.DateField(gettext_lazy("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("category of hazards")
        verbose_name_plural = gettext_lazy("categories of hazards")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) & ~Q(code__contains=".")
                | Q(code__startswith=Concat(F("parent_id"), Value("."))),
                name="hazard_category_code_begins_with_parent",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="hazard_category_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return choose(self.name, self.name_en)

    def clean(self) -> None:
        """Say at the field what the database would refuse."""
        above, dot, _own = self.code.rpartition(".")
        wanted = "" if self.parent_id is None else f"{self.parent_id}."
        if not f"{above}{dot}".startswith(wanted) or (dot and not wanted):
            raise Invalid({"code": _("The code must begin with the code of what it belongs to, and a dot.")})

    def is_in_force(self, on: dt.date) -> bool:
        """Whether it may be chosen on the local day `on`."""
        return self.since <= on and (self.until is None or self.until >= on)


@dataclass(frozen=True)
class Node:
    """A category in its place in the tree."""

    row: HazardCategory
    path: str  # its name, after the names of those above it
    depth: int
    inside: tuple[str, ...]  # the codes of its subtree, its own among them

    @property
    def code(self) -> str:
        """The code of the row."""
        return self.row.code

    def __str__(self) -> str:
        return self.path


def tree() -> list[Node]:
    """Return all categories in the order in which they are read, also those no longer in use. One query."""
    below: dict[str | None, list[HazardCategory]] = {}
    for row in HazardCategory.objects.order_by("order", "code"):
        below.setdefault(row.parent_id, []).append(row)

    def under(parent: str | None, path: str, depth: int) -> Iterator[Node]:
        for row in below.get(parent, ()):
            name = f"{path}{BETWEEN}{row}" if path else str(row)
            nodes = list(under(row.code, name, depth + 1))
            yield Node(row, name, depth, (row.code, *(node.code for node in nodes)))
            yield from nodes

    return list(under(None, "", 0))


def find(code: str) -> Node | None:
    """Return the category with `code`, or None. One query."""
    return next((node for node in tree() if node.code == code), None)


def choices(on: dt.date, *, present: str = "") -> list[tuple[str, str]]:
    """Return what a form offers on the local day `on`, and what stands there at `present`. One query."""
    return [
        (node.code, f"{INDENT * node.depth}{node.row}")
        for node in tree()
        if node.row.is_in_force(on) or node.code == present
    ]


def way(code: str) -> list[str]:
    """Return the codes from the top of the tree down to `code`."""
    return [code[:end] for end, sign in enumerate(f"{code}.") if sign == "."]


def path_of(code: str) -> str:
    """Return the name of one category after those of the ones above it. One query."""
    rows = HazardCategory.objects.filter(code__in=way(code)).order_by("code")
    return BETWEEN.join(str(row) for row in rows)


def names() -> dict[str, str]:
    """Return the name of each category after those of the ones above it, by code. One query."""
    return {node.code: node.path for node in tree()}


def check(code: str, on: dt.date, *, present: str = "") -> None:
    """Raise Invalid beside `category` for what cannot be chosen on the local day `on`. One query."""
    if code not in dict(choices(on, present=present)):
        raise Invalid({"category": _("Choose a category.")})
