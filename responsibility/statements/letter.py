"""A statement as a Word document: its text as it was signed, and both signatures with the hash."""

from __future__ import annotations

import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

from django.http import FileResponse
from django.utils import timezone
from docxtpl import DocxTemplate

from responsibility.statements.choices import Side
from responsibility.statements.models import Statement
from responsibility.statements.queries import signatures

TEMPLATE = Path(__file__).parent / "templates" / "statement.docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@cache
def _source() -> bytes:
    return TEMPLATE.read_bytes()


def word(statement: Statement) -> FileResponse:
    """Return the statement as a download. One query. It is in Chinese, as it was signed."""
    signed = signatures(statement)
    sides = [
        {
            "name": name,
            "person": found.signature.user.name if found else "（未签署）",
            "post": found.signature.post.title if found else "",
            "at": timezone.localtime(found.signature.at).strftime("%Y年%m月%d日 %H:%M") if found else "",
        }
        for side, name in ((Side.RECEIVER, statement.receiver.name), (Side.PROMISER, statement.body))
        for found in (signed.get(side),)
    ]
    lines = statement.text.strip().split("\n")
    document = DocxTemplate(BytesIO(_source()))
    document.render(
        {"title": lines[0], "lines": lines[1:], "sides": sides, "sha256": statement.sha256}, autoescape=True
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    document.save(file)
    file.seek(0)
    name = f"statement-{statement.year}-{statement.pk}.docx"
    return FileResponse(file, content_type=WORD, as_attachment=True, filename=name)
