"""Write the Word templates of papers about hazards that the portal ships, laid out as the PDF is.

    python tools/paper_templates.py

Run it after a change of the wording in `hazards/papers/layouts.py`; the files are committed. A bureau puts
its own in their place in the admin, with the same variables.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from letter_templates import FANGSONG, HEI, SONG, line, write

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def paper(form: Any) -> Any:
    """Return the template of one kind."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(30), Mm(30), Mm(28), Mm(26)
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    line(document, "{{ issuer }}", align=centre, font=SONG, size=24, bold=True, red=True, after=10)
    line(document, "{{ kind }}", align=centre, font=SONG, size=20, bold=True, after=10)
    line(document, "{{ number }}", align=centre, size=14, after=12)
    line(document, "{%p if corrects %}")
    line(document, "（本件更正{{ corrects }}，原件以本件为准。）", align=centre, size=14)
    line(document, "{%p endif %}")
    line(document, "{{ addressee }}：", size=14)
    for name, label in (("uscc", "统一社会信用代码"), ("address", "地址")):
        line(document, f"{{%p if {name} %}}")
        line(document, f"{label}：{{{{ {name} }}}}", size=14)
        line(document, "{%p endif %}")
    line(document, "{{ opening }}", indent=True, size=14)
    columns = [
        ("loop.index", "序号", 12),
        *((f"item.{name}", head, width) for name, head, width in form.columns),
    ]
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    for cell, (_name, head, _width) in zip(table.rows[0].cells, columns, strict=True):
        write(cell.paragraphs[0].add_run(), head, font=HEI, size=11)
        cell.paragraphs[0].alignment = centre
    write(table.rows[1].cells[0].paragraphs[0].add_run(), "{%tr for item in items %}", size=11)
    for cell, (name, _head, _width) in zip(table.rows[2].cells, columns, strict=True):
        write(cell.paragraphs[0].add_run(), f"{{{{ {name} }}}}", font=FANGSONG, size=11)
    write(table.rows[3].cells[0].paragraphs[0].add_run(), "{%tr endfor %}", size=11)
    for row in table.rows:
        for cell, (_name, _head, width) in zip(row.cells, columns, strict=True):
            cell.width = Mm(width)
    line(document, "{%p for paragraph in paragraphs %}")
    line(document, "{{ paragraph }}", indent=True, size=14)
    line(document, "{%p endfor %}")
    for name in ("closing", "remedy"):
        line(document, f"{{%p if {name} %}}")
        line(document, f"{{{{ {name} }}}}", indent=True, size=14)
        line(document, "{%p endif %}")
    line(document, "{%p if officers %}")
    line(document, "执法人员：{{ officers }}", size=14)
    line(document, "{%p endif %}")
    line(document, form.receipt, size=14, after=18)
    line(document, "{{ issuer }}", align=right, size=14)
    line(document, "{{ date }}", align=right, size=14)
    line(document, "{{ qr }}")
    line(document, "扫码核验本文书，核验码 {{ code }}", size=10)
    return document


def main() -> int:
    """Write every template."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safegrid.settings")
    import django

    django.setup()
    from hazards.papers.layouts import FORMS, TEMPLATES

    TEMPLATES.mkdir(exist_ok=True)
    for kind, form in FORMS.items():
        paper(form).save(str(TEMPLATES / f"{kind.value}.docx"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
