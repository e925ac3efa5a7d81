"""Filling in a Word template. Templates come from bureaus, so they run in a sandbox and are tried first."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from responsibility.documents.codes import picture_of
from responsibility.documents.layouts import COMMON, Layout
from safegrid.kernel.refusals import Invalid

LARGEST = 2 << 20  # bytes of a template
UNPACKED = 30 << 20  # bytes of what is packed in it

QR = 24  # millimetres

#: What XML cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _environment() -> SandboxedEnvironment:
    """Return where templates run: no code beyond filling in, and every text is escaped."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def writable(value: Any) -> Any:
    """Return `value` without characters that no document can hold, in lists and mappings too."""
    if isinstance(value, str):
        return UNWRITABLE.sub("", value)
    if isinstance(value, Mapping):
        return {key: writable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [writable(each) for each in value]
    return value


def render(template: IO[bytes], values: Mapping[str, Any]) -> bytes:
    """Return the document that `template` makes of `values`, among which `qr` is an address."""
    word = DocxTemplate(template)
    shown = writable(values)
    shown["qr"] = InlineImage(word, io.BytesIO(picture_of(values["qr"])), width=Mm(QR))
    word.render(shown, jinja_env=_environment())
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def check(template: IO[bytes], layout: Layout) -> None:
    """Raise Invalid when `template` is no Word file, names what is not known, or cannot be filled in."""
    content = template.read(LARGEST + 1)
    template.seek(0)
    if len(content) > LARGEST:
        raise Invalid({"template": _("A template has %(n)s MB at most.") % {"n": LARGEST >> 20}})
    unreadable = Invalid({"template": _("This is no Word document (.docx) that can be read.")})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile as error:
        raise unreadable from error
    if unpacked > UNPACKED:
        raise Invalid({"template": _("This document is too large.")})
    try:
        named = DocxTemplate(io.BytesIO(content)).get_undeclared_template_variables(_environment())
    except TemplateSyntaxError as error:
        raise _not_filled_in(error) from error
    except Exception as error:  # whatever a damaged file makes of its reader
        raise unreadable from error
    unknown = sorted(set(named) - layout.variables)
    if unknown:
        text = _("The template names what is not known: %(names)s. Known are: %(known)s.")
        words = {"names": ", ".join(unknown), "known": ", ".join(sorted(layout.variables))}
        raise Invalid({"template": text % words})
    try:
        render(io.BytesIO(content), {**COMMON, **layout.sample})
    except Exception as error:  # whatever the template does with what it is given
        raise _not_filled_in(error) from error


def _not_filled_in(error: Exception) -> Invalid:
    return Invalid({"template": _("The template cannot be filled in: %(why)s") % {"why": error}})
