"""Lines among the rows of a table that are none: totals, signatures, remarks, headings once more."""

from __future__ import annotations

import re
from collections.abc import Collection

from safegrid.grid.imports.headings import plain
from safegrid.grid.imports.kinds import Row
from safegrid.grid.imports.problems import Skipped
from safegrid.kernel.bigrams import normal

TOTAL = re.compile(
    r"(?:本页|本月|本年|累计|总)?(?:合计|小计|总计|共计|累计|total|subtotal)[^\w]*(?:\d+[条项处个]?)?"
)
SIGNED = re.compile(
    r"(?:制表|制单|填表|填报|编制|审核|复核|审批|审定|签字|单位负责|主管领导|分管领导|经办|备注|说明|注|日期|报送|联系|prepared|checked)"
    r"[^:]{0,8}:.*",
    re.DOTALL,
)
FEW = 2  # headings once more are at least so many


def pass_over(row: Row, columns: Collection[str]) -> None:
    """Raise Skipped when the row is none of the table's. `columns` are its headings, as `plain` gives them.

    A row is never passed over for what a field of it says: only its first words decide, a whole row of
    headings, or that no field holds anything.
    """
    filled = [cell for cell in row.cells if cell]
    first = normal(filled[0]) if filled else ""
    if TOTAL.fullmatch(first):
        raise Skipped("total_line")
    if SIGNED.fullmatch(first):
        raise Skipped("signature_line")
    if len(filled) >= FEW and all(plain(cell) in columns for cell in filled):
        raise Skipped("heading_line")
    if not any(row.values.values()):
        raise Skipped("blank_line")
