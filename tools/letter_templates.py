"""Write the Word templates of letters that the portal ships, laid out as official documents are (GB/T 9704).

    python tools/letter_templates.py

Run it after a change of the wording here; the files are committed. A bureau puts its own in their place in
the admin, with the same variables.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "responsibility" / "documents" / "templates"

SONG, FANGSONG, HEI = "宋体", "仿宋", "黑体"
BODY = 16  # points: 三号
RED = RGBColor(0xC0, 0x00, 0x00)

#: Title, what stands before the text, and what is asked for at the end.
LETTERS = {
    "reminder": (
        "工作提示函",
        "现就下列事项作如下提示：",
        "请贵单位抓紧办理，并于{{ reply_date }}前书面回复办理情况。",
    ),
    "urging": (
        "督办函",
        "下列事项经提示仍未办结，现予督办：",
        "请贵单位主要负责人亲自研究，明确责任人和完成时限，并于{{ reply_date }}前书面报告办理结果。",
    ),
    "talk": (
        "约谈通知书",
        "因下列事项逾期未办结，现对贵单位负责人进行约谈：",
        "请贵单位负责人{% if talk_at %}于{{ talk_at }}到{{ talk_place }}{% else %}按时{% endif %}参加约谈，"
        "并于{{ reply_date }}前书面报送整改落实情况。",
    ),
    "circular": (
        "通报",
        "下列事项经提示、督办、约谈仍未办结，现通报如下：",
        "请有关单位引以为戒，贵单位于{{ reply_date }}前书面报告整改结果。",
    ),
}


def write(
    run: Any, text: str, *, font: str = FANGSONG, size: int = BODY, bold: bool = False, red: bool = False
) -> None:
    """Put `text` into a run of this look."""
    run.text = text
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if red:
        run.font.color.rgb = RED


def line(
    document: Any, text: str, *, align: Any = None, indent: bool = False, after: int = 0, **look: Any
) -> Any:
    """Add a paragraph of one run."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.line_spacing = Pt(28)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)
    if align is not None:
        paragraph.alignment = align
    write(paragraph.add_run(), text, **look)
    return paragraph


def letter(title: str, opening: str, closing: str) -> Any:
    """Return the template of one letter."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    line(document, "{{ issuer }}", align=centre, font=SONG, size=26, bold=True, red=True, after=12)
    line(document, "{{ number }}", align=centre, after=18)
    line(document, title, align=centre, font=SONG, size=22, bold=True, after=18)
    line(document, "{%p if corrects %}")
    line(document, "（本件更正{{ corrects }}，原件以本件为准。）", align=centre)
    line(document, "{%p endif %}")
    line(document, "{{ addressee }}：")
    line(document, opening, indent=True)
    line(document, "{%p if items %}")
    table = document.add_table(rows=4, cols=4, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("序号", "事项", "应办结日期", "逾期天数"), strict=True):
        write(cell.paragraphs[0].add_run(), text, font=HEI, size=12)
        cell.paragraphs[0].alignment = centre
    write(table.rows[1].cells[0].paragraphs[0].add_run(), "{%tr for item in items %}", size=12)
    fields = ("{{ loop.index }}", "{{ item.title }}", "{{ item.due }}", "{{ item.over }}")
    for cell, text in zip(table.rows[2].cells, fields, strict=True):
        write(cell.paragraphs[0].add_run(), text, size=12)
    write(table.rows[3].cells[0].paragraphs[0].add_run(), "{%tr endfor %}", size=12)
    for row in table.rows:
        for cell, width in zip(row.cells, (14, 86, 32, 24), strict=True):
            cell.width = Mm(width)
    line(document, "{%p endif %}")
    line(document, "{%p for paragraph in paragraphs %}")
    line(document, "{{ paragraph }}", indent=True)
    line(document, "{%p endfor %}")
    line(document, closing, indent=True, after=36)
    line(document, "{{ issuer }}", align=right)
    line(document, "{{ date }}", align=right)
    return document


def main() -> int:
    """Write every template."""
    TARGET.mkdir(exist_ok=True)
    for code, words in LETTERS.items():
        letter(*words).save(str(TARGET / f"{code}.docx"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
