"""The office's table of coverage (监管覆盖表, table 10): district × industry, who must act and by when."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
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
from safegrid.kernel.punctuation import colon

A3 = 8  # what a sheet calls this size of paper
WIDTHS = (18, 34, 10, 14, 10, 10, 44, 14)  # characters


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


def rows(user: Any) -> list[Row]:
    """Return the table of what `user` reads, by district and industry section. Six queries, however many."""
    section = Coalesce("industry__parent", "industry")
    open_here = FindingSite.objects.filter(finding__in=Finding.objects.visible_to(user).open()).exclude(
        line=""
    )
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
                gaps,
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


def workbook(table: Sequence[Row], *, title: str, day: dt.date) -> bytes:
    """Return `table` as a sheet for A3, with places for who prepared it, who checked it, and the date."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("Coverage"))
    frame = {"border": 1, "valign": "vcenter", "text_wrap": True}
    text = book.add_format(frame)
    number = book.add_format(frame | {"num_format": "#,##0"})
    date = book.add_format(frame | {"num_format": "yyyy-mm-dd", "align": "center"})
    _head(book, sheet, book.add_format(frame | {"bold": True, "align": "center"}), title=title, day=day)
    at = FIRST
    for at, row in enumerate(table, start=FIRST):
        sheet.write_string(at, 0, row.district.label if row.district else _("to be placed"), text)
        sheet.write_string(at, 1, row.industry.label if row.industry else _("not known"), text)
        for column, value in enumerate((row.total, row.answered, row.gaps, row.repeats), start=2):
            sheet.write_number(at, column, value, number)
        sheet.write_string(at, 6, "\n".join(post.label for post in row.whose), text)
        if row.due_on:
            sheet.write_datetime(at, 7, dt.datetime.combine(row.due_on, dt.time()), date)
        else:
            sheet.write_blank(at, 7, None, date)
    for column, words in ((0, _("Prepared by")), (2, _("Checked by")), (6, _("Date"))):
        sheet.write_string(at + 2, column, words + colon())
    book.close()
    return stream.getvalue()


FIRST = 4  # line of the first row, below the title, its day and two lines of headings


def _head(book: Any, sheet: Any, look: Any, *, title: str, day: dt.date) -> None:
    """Write the title and the headings, and lay out the paper."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, FIRST - 1)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    last = len(WIDTHS) - 1
    big = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, last, title, big)
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, last, _("As of %(day)s") % {"day": day.isoformat()})
    for column, words in ((0, _("District")), (1, _("Industry")), (6, _("Who must act")), (7, _("By when"))):
        sheet.merge_range(2, column, 3, column, words, look)
    sheet.merge_range(2, 2, 2, 5, _("Sites"), look)
    heads = (_("Total"), _("Answered on all lines"), _("Gaps"), _("Repeats"))
    for column, words in enumerate(heads, start=2):
        sheet.write_string(3, column, words, look)
