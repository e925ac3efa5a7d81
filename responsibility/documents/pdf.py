"""Setting a paper as PDF, on A4 as official documents are (GB/T 9704), in a font that the file carries along.

The font is a part of Noto Serif SC with the characters of GBK. What it lacks is set as 〓, as printers do,
and `missing` names it, so that whoever issues the paper is told before.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from responsibility.documents.blocks import CENTRE, LEFT, RIGHT, Block, Grid, Heading, Text

FONT = "NotoSerifSC"
FILE = Path(__file__).parent / "fonts" / "NotoSerifSC-GBK.ttf"
INSTEAD = "〓"  # of a character that the font has not

BODY, LEADING = 14, 24  # points
SMALL, SMALL_LEADING = 10.5, 15
RED = Color(0.75, 0, 0)
QR = 22 * mm
ALIGNED = {LEFT: TA_LEFT, CENTRE: TA_CENTER, RIGHT: TA_RIGHT}


@cache
def _font() -> Any:
    """Read the font once for each process, and return it."""
    font = TTFont(FONT, str(FILE))
    pdfmetrics.registerFont(font)
    return font


def missing(texts: Iterable[str]) -> list[str]:
    """Return the characters of `texts` that the font has not, each once."""
    known = _font().face.charToGlyph
    found = dict.fromkeys(letter for text in texts for letter in text if letter.isprintable())
    return [letter for letter in found if ord(letter) not in known]


def texts_of(blocks: Sequence[Block]) -> list[str]:
    """Return every text of a paper."""
    found = []
    for block in blocks:
        if isinstance(block, Grid):
            found += [*block.heads, *(cell for row in block.rows for cell in row)]
        else:
            found.append(block.text)
    return found


def settable(text: str) -> str:
    """Return `text` as markup, with what the font has not replaced, and line ends kept."""
    known = _font().face.charToGlyph
    letters = "".join(
        letter if letter == "\n" or ord(letter) in known else INSTEAD
        for letter in text
        if letter == "\n" or letter.isprintable()
    )
    return escape(letters).replace("\n", "<br/>")


def _style(name: str, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        **{"fontName": FONT, "fontSize": BODY, "leading": LEADING, "wordWrap": "CJK", **more},
    )


def _flowables(blocks: Sequence[Block]) -> list[Any]:
    cell = _style("cell", fontSize=SMALL, leading=SMALL_LEADING)
    head = _style("head", parent=cell, fontSize=SMALL, leading=SMALL_LEADING, alignment=TA_CENTER)
    found: list[Any] = []
    for block in blocks:
        if isinstance(block, Heading):
            size = 24 if block.is_body else 20
            look = {"textColor": RED if block.is_body else black, "spaceAfter": 10}
            style = _style("heading", fontSize=size, leading=size * 1.5, alignment=TA_CENTER, **look)
            found.append(Paragraph(settable(block.text), style))
        elif isinstance(block, Text):
            style = _style(
                "text",
                alignment=ALIGNED[block.align],
                firstLineIndent=2 * BODY if block.indent else 0,
                spaceBefore=block.space * LEADING,
                keepWithNext=block.stays,
            )
            found.append(Paragraph(settable(block.text), style))
        else:
            found.append(_grid(block, head, cell))
    return found


def _grid(block: Grid, head: ParagraphStyle, cell: ParagraphStyle) -> Table:
    lines = [[Paragraph(settable(text), head) for text in block.heads]]
    lines += [[Paragraph(settable(text), cell) for text in row] for row in block.rows]
    table = Table(lines, colWidths=[width * mm for width in block.widths], repeatRows=1, splitInRow=1)
    frame = [("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    table.setStyle(TableStyle([*frame, ("BOTTOMPADDING", (0, 0), (-1, -1), 5)]))
    table.spaceBefore = table.spaceAfter = 6
    return table


class _Numbered(Canvas):
    """A canvas that knows at the end how many pages there are."""

    foot: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (reportlab's name)
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.foot(self, number, len(self._pages))
            super().showPage()
        super().save()


def render_pdf(blocks: Sequence[Block], *, title: str, number: str, author: str, address: str) -> bytes:
    """Return the PDF of a paper; `address` leads to where it is verified.

    Every page carries the number, which page of how many it is, and the QR code of the address.
    """
    _font()
    made = io.BytesIO()
    sheet = SimpleDocTemplate(
        made,
        pagesize=A4,
        topMargin=25 * mm,
        bottomMargin=34 * mm,
        leftMargin=28 * mm,
        rightMargin=26 * mm,
        title=f"{title} {number}",
        author=author,
        lang="zh-CN",
    )

    def foot(canvas: Any, page: int, pages: int) -> None:
        canvas.setFont(FONT, 9)
        canvas.setFillColor(black)
        canvas.drawRightString(A4[0] - 26 * mm, 14 * mm, f"{number}　第 {page} 页，共 {pages} 页")
        renderPDF.draw(_qr(address), canvas, 27 * mm, 9 * mm)
        canvas.drawString(27 * mm + QR + 2 * mm, 18 * mm, "扫码核验本文书")

    canvas_type = type("Canvas", (_Numbered,), {"foot": staticmethod(foot)})
    sheet.build(_flowables(blocks), canvasmaker=canvas_type)
    return made.getvalue()


def _qr(text: str) -> Drawing:
    code = QrCodeWidget(text, barLevel="M", barBorder=1, barWidth=QR, barHeight=QR)
    drawing = Drawing(QR, QR)
    drawing.add(code)
    return drawing
