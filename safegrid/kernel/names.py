"""Names in the reader's language: `name` is Chinese, `name_en` English."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def reads_chinese() -> bool:
    """Return whether the reader of this request reads Chinese."""
    return (get_language() or "en").startswith("zh")


def choose(name: str | None, name_en: str | None) -> str:
    """Return the one of two names that suits the reader, or the other when it is blank."""
    return (name or name_en or "") if reads_chinese() else (name_en or name or "")


def choose_each(names: Iterable[str | None], names_en: Iterable[str | None]) -> list[str]:
    """Return `choose` for each pair."""
    pairs = zip(names, names_en, strict=True) if reads_chinese() else zip(names_en, names, strict=True)
    return [first or second or "" for first, second in pairs]


def choose_from(row: Mapping[str, Any], prefix: str = "") -> str:
    """Return the name that suits the reader from a `values()` row with `prefix`name and `prefix`name_en."""
    return choose(row.get(f"{prefix}name"), row.get(f"{prefix}name_en"))


class Named(models.Model):
    """A thing with a Chinese and an English name."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return choose(self.name, self.name_en)
