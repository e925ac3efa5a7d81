"""What each kind of document is rendered from: its template, and what a template may name.

A subject that issues documents plugs in a `Layout`; a bureau may put a template of its own in place of the
shipped one (`DocumentKind.template`), with the same variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from responsibility.documents.blocks import Block
from safegrid.kernel.sockets import Socket

TEMPLATES = Path(__file__).parent / "templates"

#: What `issue` itself gives to every document.
COMMON = {
    "number": "宁安办提示函〔2026〕1号",
    "kind": "提示函",
    "issuer": "市安委办",
    "date": "2026年11月23日",
    "corrects": "",  # number of the document that this one corrects
    "code": "7K3MPQ9TXW2ABCDE",  # by which it is verified
    "qr": "https://safegrid.example/verify/7K3MPQ9TXW2ABCDE/",  # a picture, in a Word template
}


@dataclass(frozen=True)
class Layout:
    """One kind of document: `code` of its `DocumentKind`, the shipped template, and its own variables.

    `sample` names every variable beside the common ones, each with an example by which a template is tried.
    With `paper` it is issued as PDF too, made of the blocks that it returns for the same values.
    """

    code: str
    template: Path
    sample: Mapping[str, Any] = field(default_factory=dict)
    paper: Callable[[Mapping[str, Any]], Sequence[Block]] | None = None

    @property
    def variables(self) -> frozenset[str]:
        """The names that a template may use."""
        return frozenset(COMMON) | frozenset(self.sample)


layouts: Socket[Layout] = Socket("layouts of documents")
