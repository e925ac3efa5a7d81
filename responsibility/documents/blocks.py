"""What a paper is made of, before it is PDF or a page: headings, paragraphs and tables, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, CENTRE, RIGHT = "left", "centre", "right"
BLANK = "＿＿＿＿"


@dataclass(frozen=True)
class Heading:
    """The title of the paper, or the name of the body above it in red."""

    text: str
    is_body: bool = False

    kind = "heading"


@dataclass(frozen=True)
class Text:
    """A paragraph; with `indent` its first line begins two characters in.

    With `stays` it stands on one page with what follows. Where a hand fills something in, there is a `BLANK`.
    """

    text: str
    align: str = LEFT
    indent: bool = False
    space: int = 0  # lines left free above it
    stays: bool = False

    kind = "text"


@dataclass(frozen=True)
class Grid:
    """A table: its headings, their widths in millimetres (156 together), and its lines."""

    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]

    kind = "grid"


Block = Heading | Text | Grid
