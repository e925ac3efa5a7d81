"""Issuing a document: its number, its bytes, its place in the ledger, in one transaction.

Whoever issues documents plugs a `Layout` in (`responsibility.documents.layouts`) and the model that they are
about (`responsibility.documents.models.subjects`), lets `load_policies` write a `DocumentKind`, and calls

    issue(kind="reminder", unit=office, about=letter, values={...}, actor=user, acting_post=post, now=now)

which returns the `Document`. `values` are exactly the variables of the layout, in Chinese, as they are to
stand on the paper; texts, and lists of mappings for tables.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from responsibility.documents.blocks import Block
from responsibility.documents.codes import address_of, new_code
from responsibility.documents.layouts import Layout, layouts
from responsibility.documents.models import Document, DocumentCounter, DocumentKind
from responsibility.documents.pdf import render_pdf
from responsibility.documents.rendering import render
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import Refused, Stale

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Number:
    """A number that was taken: `text` as it stands on the paper, and what it is made of."""

    text: str
    kind: DocumentKind
    year: int
    serial: int


def take_number(*, kind: str, unit: Unit, on: dt.date) -> Number:
    """Take the next number of `unit` for the kind with this code, in the year of the local day `on`.

    The counter's row stays locked until the transaction ends; one that fails gives its number back, so that
    a series has no gap and no double. Must run in the transaction of what the number is for. Raise Refused
    where the kind is not laid down.
    """
    row = kind_of(kind)
    table = DocumentCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counter (unit_id, kind_id, year, last) VALUES (%s, %s, %s, 1) "  # noqa: S608 (our own table)
            "ON CONFLICT (unit_id, kind_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [unit.pk, row.pk, on.year],
        )
        serial = cursor.fetchone()[0]
    return Number(_numbered(unit, row, on.year, str(serial)), row, on.year, serial)


def _numbered(unit: Unit, kind: DocumentKind, year: int, serial: str) -> str:
    return f"{unit.prefix or unit.short_name or unit.name}{kind.word}〔{year}〕{serial}号"


def kind_of(code: str) -> DocumentKind:
    """Return the kind of document with `code`; raise Refused where it is not laid down."""
    row = DocumentKind.objects.filter(code=code).first()
    if row is None:
        raise Refused(_("No kind of document is laid down for “%(code)s”.") % {"code": code})
    return row


def issue(
    *,
    kind: str,
    unit: Unit,
    about: models.Model,
    values: Mapping[str, Any],
    actor: Any,
    acting_post: Post,
    now: dt.datetime,
    corrects: Document | None = None,
) -> Document:
    """Issue a document of `kind` in the name of `unit` about a subject, and return it.

    `values` holds exactly the layout's own variables. With `corrects` it takes the place of that document,
    which stays as it was; a document is corrected once, the next mistake corrects the correction. Raise
    ValueError for values that are not the layout's, Stale when `corrects` has been corrected already,
    Refused where the kind is not laid down.
    """
    layout = _layout(kind, values)
    today = clock.local_date(now)
    code = new_code()
    with transaction.atomic():
        number = take_number(kind=kind, unit=unit, on=today)  # one who issues waits here for the other
        if corrects is not None and Document.objects.filter(corrects=corrects).exists():
            raise Stale(_("%(number)s has been corrected already.") % {"number": corrects.number})
        whole = {
            **_common(number.kind, unit, number.text, today, corrects),
            "code": code,
            "qr": address_of(code),
            **values,
        }
        content = _filled_in(number.kind, whole)
        row = Document(
            kind=number.kind,
            unit=unit,
            year=number.year,
            serial=number.serial,
            number=number.text,
            subject_type=ContentType.objects.get_for_model(about),
            subject_id=about.pk,
            corrects=corrects,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            code=code,
            issued_at=now,
            issued_by=actor,
            issued_as=acting_post,
        )
        name = f"{kind}-{unit.pk}-{number.year}-{number.serial}"
        row.file.save(f"{name}.docx", ContentFile(content), save=False)
        if layout.paper is not None:
            pdf = render_pdf(
                layout.paper(whole),
                title=number.kind.name,
                number=number.text,
                author=unit.name,
                address=whole["qr"],
            )
            row.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
            row.pdf.save(f"{name}.pdf", ContentFile(pdf), save=False)
        row.save(force_insert=True)
        data = {
            "number": row.number,
            "about": f"{about._meta.label_lower}:{about.pk}",
            "sha256": row.sha256,
            **({"pdf_sha256": row.pdf_sha256} if row.pdf else {}),
            "corrects": corrects.number if corrects is not None else None,
        }
        record(row, "document.issue", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def preview(
    *, kind: str, unit: Unit, values: Mapping[str, Any], corrects: Document | None, now: dt.datetime
) -> Sequence[Block]:
    """Return the parts of a paper as it would be issued now, with a blank for its number."""
    layout, row, today = _layout(kind, values), kind_of(kind), clock.local_date(now)
    if layout.paper is None:
        raise ValueError(f"{kind} is issued as Word only")
    return layout.paper(
        {**_common(row, unit, _numbered(unit, row, today.year, "　"), today, corrects), **values}
    )


def _layout(kind: str, values: Mapping[str, Any]) -> Layout:
    layout = layouts[kind]
    if set(values) != set(layout.sample):
        raise ValueError(f"{kind}: {sorted(set(values) ^ set(layout.sample))} are not as in its layout")
    return layout


def _common(
    kind: DocumentKind, unit: Unit, number: str, today: dt.date, corrects: Document | None
) -> dict[str, Any]:
    return {
        "number": number,
        "kind": kind.name,
        "issuer": unit.name,
        "date": in_chinese(today),
        "corrects": corrects.number if corrects is not None else "",
    }


def _filled_in(kind: DocumentKind, values: Mapping[str, Any]) -> bytes:
    """Return the bytes of a document, by the bureau's own template or by the one that is shipped."""
    source = kind.template.open("rb") if kind.template else layouts[kind.code].template.open("rb")
    with source as template:
        return render(template, values)


def content_of(document: Document, *, pdf: bool = False) -> bytes:
    """Return the bytes of a document as it was issued; raise Refused when they are not there, or others."""
    stored, wanted = (document.pdf, document.pdf_sha256) if pdf else (document.file, document.sha256)
    try:
        with stored.open("rb") as file:
            content: bytes = file.read()
    except OSError as error:
        raise Refused(_("The file of %(number)s is missing.") % {"number": document.number}) from error
    if hashlib.sha256(content).hexdigest() != wanted:
        raise Refused(_("The file of %(number)s is not what was issued.") % {"number": document.number})
    return content


def about(subject: models.Model) -> models.QuerySet[Document]:
    """Return the documents that were issued about `subject`, the first on top."""
    kind = ContentType.objects.get_for_model(subject)
    return Document.objects.filter(subject_type=kind, subject_id=subject.pk).order_by("pk")


def in_chinese(day: dt.date) -> str:
    """Return a day as documents write it: 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"
