"""The office's table of coverage (监管覆盖表, table 10): district × industry, who must act and by when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from responsibility.coverage.choices import Kind
from responsibility.coverage.models import Finding, FindingSite
from responsibility.obligations.models import Obligation
from safegrid.accounts.models import Post
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import District, Industry, Site
from safegrid.kernel.office_tables import Head, OfficeTable


@dataclass(frozen=True)
class Row:
    """Sites of one industry in one district."""

    district: District | None
    industry: Industry | None
    total: int
    gaps: int
    repeats: int
    whose: tuple[Post, ...]  # who must act
    due_on: dt.date | None  # by when the first of them

    @property
    def answered(self) -> int:
        """How many are answered for on all required lines."""
        return self.total - self.gaps


def rows(user: Any, *, day: dt.date) -> list[Row]:
    """Return the table of what `user` reads on the local `day`, by district and industry section.

    Six queries, however many rows.
    """
    section = Coalesce("industry__parent", "industry")
    seen = Finding.objects.visible_to(user).open()
    open_here = FindingSite.objects.still().unanswered(day).filter(finding__in=seen)
    at_site = open_here.filter(site=OuterRef("pk"))
    sites = (
        Site.objects.visible_to(user)
        .exclude(status=EnterpriseStatus.CLOSED)
        .order_by()
        .annotate(
            gap=Exists(at_site.filter(finding__kind=Kind.GAP)),
            twice=Exists(at_site.filter(finding__kind=Kind.OVERLAP)),
        )
        .values_list("district", section)
        .annotate(
            n=Count("pk"), gaps=Count("pk", filter=Q(gap=True)), repeats=Count("pk", filter=Q(twice=True))
        )
    )
    touching = defaultdict(list, {
        (district, industry): findings
        for district, industry, findings in open_here.filter(site__in=Site.objects.visible_to(user))
        .order_by()
        .values_list("site__district", Coalesce("site__industry__parent", "site__industry"))
        .annotate(findings=ArrayAgg("finding", distinct=True))
    })  # fmt: skip
    whose = dict(
        Finding.objects.filter(pk__in={pk for pks in touching.values() for pk in pks}).values_list(
            "pk", "whose"
        )
    )
    due = dict(
        Obligation.objects.open()
        .filter(subject_type=ContentType.objects.get_for_model(Finding), subject_id__in=whose)
        .values_list("subject_id", "due_on")
    )
    places = {d.pk: d for d in District.objects.filter(level="district").defer("boundary")}
    industries = Industry.objects.in_bulk()
    posts = Post.objects.in_bulk({pk for pk in whose.values() if pk})
    found = []
    for district, industry, total, gaps, repeats in sites:
        findings = touching[district, industry]
        named = sorted({whose[pk] for pk in findings if whose[pk]})
        days = [due[pk] for pk in findings if pk in due]
        found.append(
            Row(
                places.get(district),
                industries.get(industry),
                total,
                gaps if district else total,  # for what stands in no district nobody answers
                repeats,
                tuple(posts[pk] for pk in named),
                min(days, default=None),
            )
        )
    return sorted(
        found,
        key=lambda row: (
            row.district.path if row.district else "~",
            row.industry.code if row.industry else "~",
        ),
    )


def office_table(user: Any, *, day: dt.date) -> OfficeTable:
    """Return the table of what `user` reads, as it is handed up."""
    sites = _("Sites")
    return OfficeTable(
        name=_("Coverage"),
        title=_("Coverage of supervision"),
        note=_("As of %(day)s") % {"day": day.isoformat()},
        heads=(
            Head(_("District"), 18),
            Head(_("Industry"), 34),
            Head(_("Total"), 10, sites),
            Head(_("Answered on all lines"), 14, sites),
            Head(_("Gaps"), 10, sites),
            Head(_("Repeats"), 10, sites),
            Head(_("Who must act"), 44),
            Head(_("By when"), 14),
        ),
        rows=(
            (
                row.district.label if row.district else _("to be placed"),
                row.industry.label if row.industry else _("not known"),
                row.total,
                row.answered,
                row.gaps,
                row.repeats,
                "\n".join(post.label for post in row.whose),
                row.due_on,
            )
            for row in rows(user, day=day)
        ),
    )
