"""Collect the texts to translate, compile the translated ones, and check that nothing is missing.

    python tools/messages.py            collect and compile
    python tools/messages.py --check    change nothing; exit 1 and say why when something is missing

English is the source. The one catalogue is Simplified Chinese: locale/zh_Hans/LC_MESSAGES/django.po, whose
compiled twin is committed beside it. Both are written the same way everywhere: sorted, with no date and no
line number, so that a change shows exactly the texts that changed. Needs no gettext programs.
"""

from __future__ import annotations

import argparse
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract
from untranslated import plain_texts

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
APPS = ("safegrid", "responsibility", "hazards", "inspections", "analysis")
TEMPLATES = ROOT / "templates"
JINJA = TEMPLATES / "jinja2"

#: Packages whose own catalogue lacks some Simplified Chinese, or all: ours fills the gaps.
BORROWED = ("django", "allauth", "rest_framework", "knox", "django_filters")
#: What their Chinese leaves in English without need: ours says it in Chinese.
HALF = re.compile(r"e-?mail|passkey|token|hello", re.IGNORECASE)
#: Folders without texts that a page of ours shows.
SKIPPED = {"tests", "migrations", "socialaccount", "idp", "headless", "usersessions"}

#: Where each function has its texts: singular, plural, context ("c").
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

#: Words that a safety bureau does not say: a duty is 履职事项, an alert 提醒, a refusal 不予…, late 逾期.
AVOIDED = ("义务", "警报", "拒绝", "超时")

#: Texts that are the same in Chinese: names, formats, and nothing but placeholders.
SAME = re.compile(
    r"(?:%\(\w+\)s|\{\w*\}|SafeGrid|WGS-84|GCJ-02|BD-09|CGCS2000|CSV|XLSX|Excel|GeoJSON|UTF-8|GB18030|API|ID|[\W\d_])*"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMED = re.compile(r"%(?:\(\w+\))?[a-z]|\{\w*\}")
STRAY = re.compile(r"%(?!(?:\(\w+\))?[a-z])")
TAG = re.compile(r"</?\w+")

#: A text as the extractors give it: (context, singular, plural); context and plural may be missing.
Text = tuple[str | None, str, str | None]


class StableCatalog(Catalog):
    """A catalogue whose header holds what reading it needs, and nothing that changes by itself."""

    mime_headers = property(
        lambda self: [
            ("Project-Id-Version", "SafeGrid"),
            ("Language", "zh_Hans"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ],
        Catalog._set_mime_headers,
    )


def texts_of(source: bytes, method: object = "python") -> Iterator[Text]:
    """Yield each text that `source`, Python unless `method` says otherwise, has for translation."""
    for _line, message, _comments, context in extract(method, BytesIO(source), KEYWORDS, (), {}):
        singular, *plural = (message,) if isinstance(message, str) else message
        yield context, singular, plural[0] if plural else None


def template_texts(source: str) -> Iterator[Text]:
    """Yield each text of a Django template: its tags become calls, and indentation means nothing."""
    calls = templatize(source)
    yield from texts_of("\n".join(line.lstrip() for line in calls.splitlines()).encode())


def texts_under(folder: Path) -> Iterator[Text]:
    """Yield the texts of every Python file and every template in a folder."""
    for path in sorted(folder.rglob("*")):
        if SKIPPED & set(path.relative_to(folder).parts):
            continue
        try:
            if path.suffix == ".py":
                yield from texts_of(path.read_bytes())
            elif path.is_relative_to(JINJA) and path.is_file():
                yield from texts_of(path.read_bytes(), babel_extract)
            elif path.suffix in {".html", ".txt"}:
                yield from template_texts(path.read_text())
        except (SyntaxError, tokenize.TokenError) as error:
            raise SystemExit(f"{path}: {error}") from error


def borrowed_texts() -> Iterator[tuple[str, Text]]:
    """Yield the package and the text for whatever the packages' own catalogues do not translate."""
    folders = {name: Path(find_spec(name).submodule_search_locations[0]) for name in BORROWED}
    translated = set()
    for folder in folders.values():
        for path in folder.rglob("zh_Hans/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                translated |= {(context_of(m), singular(m)) for m in read_mo(file) if in_chinese(m)}
    for name, folder in folders.items():
        for text in texts_under(folder):
            if text[:2] not in translated:
                yield name, text


def context_of(message: Message) -> str | None:
    """Return the context of a message; Babel leaves it in bytes when it reads a compiled catalogue."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def in_chinese(message: Message) -> bool:
    """Return whether a package translates the message, and no word of HALF is left in it."""
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(strings[-1]) and not HALF.search(NAMED.sub("", strings[-1]))


def singular(message: Message) -> str:
    """Return the singular of a message with or without a plural."""
    return message.id[0] if message.pluralizable else message.id


def collect(known: Catalog) -> Catalog:
    """Return a catalogue of every text there is now, with the translations that `known` has."""
    catalog = StableCatalog(locale="zh_Hans", fuzzy=False)
    catalog.header_comment = "# Simplified Chinese. Written by `make messages`; translate after msgstr."

    def add(text: Text, comment: str = "") -> None:
        context, one, many = text
        old = known.get(one, context)
        string = (old.string if old else "") or ""
        if isinstance(string, tuple | list):
            string = string[0]
        catalog.add(
            (one, many) if many else one,
            (string,) if many else string,
            flags=old.flags - {"python-format"} if old else (),
            auto_comments=[comment] if comment else (),
            context=context,
        )

    for folder in (*(ROOT / app for app in APPS), TEMPLATES):
        for text in texts_under(folder):
            add(text)
    for package, text in borrowed_texts():
        if (text[1], text[0]) not in ((singular(m), m.context) for m in catalog if not m.auto_comments):
            add(text, f"Of {package}, whose own catalogue lacks it.")
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as a .po file, sorted by text."""
    file = BytesIO()
    write_po(file, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue compiled."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def faults(message: Message) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    ids = message.id if message.pluralizable else (message.id,)
    strings = message.string if message.pluralizable else (message.string,)
    if message.fuzzy:
        yield "is fuzzy"
    if not all(strings):
        yield "is not translated"
        return
    for string in strings:
        wanted = {name for text in ids for name in NAMED.findall(text.replace("%%", ""))}
        if (given := set(NAMED.findall(string.replace("%%", "")))) != wanted:
            yield f"has {sorted(given)} for {sorted(wanted)}"
        if message.python_format and STRAY.search(string.replace("%%", "")):
            yield "has a % that is no placeholder (write %%)"
        if sorted(TAG.findall(string)) != sorted(TAG.findall(ids[0])):
            yield "has other HTML elements"
        has_words = any(map(str.isalpha, ids[0]))  # a mark such as ", " is wide in Chinese and has no blank
        if has_words and (
            string[:1].isspace() != ids[0][:1].isspace() or string[-1:].isspace() != ids[0][-1:].isspace()
        ):
            yield "begins or ends with other white space"
        if not CHINESE.search(string) and not SAME.fullmatch(string):
            yield "is not in Chinese"
        for word in AVOIDED:
            if word in string:
                yield f"says {word}"


def read_catalogue() -> Catalog:
    """Return the catalogue as committed, or an empty one."""
    if not PO.exists():
        return StableCatalog(locale="zh_Hans")
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def problems(catalog: Catalog) -> Iterator[str]:
    """Yield, in words, everything that a fresh and complete `catalog` would not have."""
    if not PO.exists() or PO.read_bytes() != po_bytes(catalog):
        yield f"{PO.relative_to(ROOT)} is not fresh: run `make messages`"
    if not MO.exists() or MO.read_bytes() != mo_bytes(catalog):
        yield f"{MO.relative_to(ROOT)} is not compiled from it: run `make messages`"
    yield from (f"{singular(m)!r} {fault}" for m in catalog if m.id for fault in faults(m))
    yield from plain_texts(ROOT, APPS, TEMPLATES)


def report(found: Iterable[str]) -> int:
    """Print each problem and return the exit status."""
    found = list(found)
    for problem in found:
        print(problem)
    return 1 if found else 0


def main() -> int:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when not complete")
    check = parser.parse_args().check
    settings.configure()
    catalog = collect(read_catalogue())
    if check:
        return report(problems(catalog))
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalog))
    MO.write_bytes(mo_bytes(catalog))
    left = [singular(m) for m in catalog if m.id and any(faults(m))]
    print(f"{len(catalog)} texts, {len(left)} to translate or to correct")
    return 0


if __name__ == "__main__":
    sys.exit(main())
