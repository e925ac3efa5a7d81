"""Find text for people that no translation can reach: in templates, scripts, and what Python hands to pages.

A template's visible text and the attributes that people read must come from a translate tag; a refusal,
a label or a help text in Python must stand in a call of gettext; a script gets its words from attributes.
What is the same in every language is listed here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

#: What needs no translation: names, codes, keys of the keyboard, and each language's own name.
SAME = re.compile(
    r"\b(?:SafeGrid|WGS-84|GCJ-02|BD-09|CSV|XLSX|USCC|API|Esc|EN|English|g|doctype html)\b|中文|简体中文"
)
LETTER = re.compile(r"[^\W\d_]")

#: Attributes that people read or hear.
READ = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "data-label",
    "label",
    "placeholder",
    "title",
}
#: Data attributes hand words to scripts; what is no word but a switch, an id or a path is not in question.
SENTENCE = re.compile(r"[A-Z][a-z]+|\w+ \w+ \w+|[\u4e00-\u9fff]")
NOT_READ = {"script", "style", "svg", "code", "kbd"}

#: What is translated, or is for nobody to read.
TRANSLATED = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}"
    r"|{%-?\s*comment\b.*?{%-?\s*endcomment\s*-?%}"
    r"|{%-?\s*block \w*(?:attributes|class|width)\b.*?{%-?\s*endblock\s*-?%}"
    r"|{#.*?#}",
    re.DOTALL,
)
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
#: An element whose name a tag decides: `<{% if href %}a …`.
OPENING = re.compile(r"<(?:{%.*?%})+")
#: Words handed on by a tag, and by a filter, without `_()`.
HANDED_ON = re.compile(
    r"\b(?:label|title|text|note|unit|caption|action_label|placeholder|alt|message)="
    r"(?:\"([^\"]*)\"|'([^']*)')"
)
DEFAULT = re.compile(r"\|(?:default|default_if_none|yesno):(?:\"([^\"]*)\"|'([^']*)')")

#: Calls whose first argument people read, and keyword arguments that people read.
SAID = {"Refused", "Stale", "NotAllowed", "Invalid", "ValidationError", "PermissionDenied"}
SAID_BY_MESSAGES = {"success", "info", "warning", "error"}
SHOWN = {
    "button",
    "caption",
    "empty_label",
    "empty_text",
    "help_text",
    "label",
    "note",
    "subtitle",
    "title",
    "verbose_name",
    "verbose_name_plural",
}
#: Folders with no words for people: a migration speaks of the past, the data of the demo is Chinese.
NOT_PAGES = {"migrations", "demo", "tests"}
GETTEXT = re.compile(r"_|(?:n|p|np)?gettext(?:_lazy|_noop)?")
#: A string of a script that is said to people, and a remark, which is not.
SPOKEN = re.compile(r"""(["'`])([A-Z][a-z]+(?: [a-z]+)+|[^"'`\n]*[\u4e00-\u9fff])""")
REMARK = re.compile(r"(?:^|\s)(?://|/?\*).*$")


class _Reader(HTMLParser):
    """Gathers what people read in a page whose template tags have been taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.skipped: list[str] = []  # open elements of the one whose text is not for translation

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if (self.skipped and tag == self.skipped[0]) or tag in NOT_READ or named.get("translate") == "no":
            self.skipped.append(tag)
        for name, value in attrs:
            if not value:
                continue
            if name == "content":
                read = named.get("name") == "description"
            elif name == "value":
                read = tag == "input" and named.get("type") in {"submit", "button", "reset"}
            elif name.startswith("data-") and name not in READ:
                read = " " in value.strip() and bool(SENTENCE.search(value))
            else:
                read = name in READ
            if read:
                self._see(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and tag == self.skipped[-1]:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self._see(data)

    def _see(self, text: str) -> None:
        if LETTER.search(SAME.sub("", text)):
            self.found.append((self.getpos()[0], " ".join(text.split())))


def _blank(match: re.Match[str]) -> str:
    """Keep the lines, so that what is found has its number."""
    return "\n" * match[0].count("\n") or " "


def _opening(match: re.Match[str]) -> str:
    """Keep the sign that opens an element beside its name."""
    return "<" + "\n" * match[0].count("\n")


def page_texts(html: str) -> list[tuple[int, str]]:
    """Return (line, text) for each text of a page that people read: what it says, and what it tells them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def in_template(source: str, *, html: bool = True) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each text in a template that is not translated; `html`: it has elements."""
    source = TRANSLATED.sub(_blank, source)
    for tag in TEMPLATE_TAG.finditer(source):
        for pattern in (HANDED_ON, DEFAULT):
            for words in pattern.finditer(tag[0]):
                text = words[1] or words[2] or ""
                if SENTENCE.search(SAME.sub("", text)):
                    yield source.count("\n", 0, tag.start()) + 1, text
    bare = TEMPLATE_TAG.sub(_blank, OPENING.sub(_opening, source))
    if html:
        yield from page_texts(bare)
        return
    for number, line in enumerate(bare.splitlines(), start=1):
        if LETTER.search(SAME.sub("", line)):
            yield number, line.strip()


def _plain(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the strings that an expression holds outside of any gettext call."""
    match node:
        case ast.Constant(value=str(text)):
            if LETTER.search(SAME.sub("", text)):
                yield node
        case ast.JoinedStr():
            if any(isinstance(part, ast.Constant) and LETTER.search(str(part.value)) for part in node.values):
                yield node
        case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            for value in values:
                yield from _plain(value)
        case ast.BinOp(left=left):
            yield from _plain(left)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _plain(body)
            yield from _plain(orelse)


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, code) for each text in Python that people see and no catalogue can translate."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        shown: list[ast.expr] = []
        if GETTEXT.fullmatch(name) and isinstance(node.func, ast.Name):
            if node.args and not isinstance(node.args[0], ast.Constant):
                yield node.lineno, ast.unparse(node)
            continue
        if name in SAID:
            shown += node.args[:1]
        if name in SAID_BY_MESSAGES and ast.unparse(node.func).startswith("messages."):
            shown += node.args[1:2]
        shown += [word.value for word in node.keywords if word.arg in SHOWN]
        for expression in shown:
            for plain in _plain(expression):
                yield plain.lineno, ast.unparse(plain)


def in_script(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each sentence in a script; its words must come from data attributes."""
    for number, line in enumerate(source.splitlines(), start=1):
        for _quote, text in SPOKEN.findall(REMARK.sub("", line)):
            yield number, text


def plain_texts(root: Path, apps: Iterable[str], templates: Path) -> Iterator[str]:
    """Yield, as "file:line: text", every text in the project that cannot be translated."""
    for path in sorted(templates.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            for line, text in in_template(path.read_text(), html=path.suffix == ".html"):
                yield f"{path.relative_to(root)}:{line}: not translated: {text}"
    for path in sorted((root / "static" / "js").rglob("*.js")):
        for line, text in in_script(path.read_text()):
            yield f"{path.relative_to(root)}:{line}: not translated: {text}"
    for app in apps:
        for path in sorted((root / app).rglob("*.py")):
            if NOT_PAGES & set(path.parts):
                continue
            for line, text in in_python(path.read_text()):
                yield f"{path.relative_to(root)}:{line}: not translated: {text}"
