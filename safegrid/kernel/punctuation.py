"""What stands between parts of a line: Chinese has wide marks of its own, with no blank after them."""

from django.utils.translation import pgettext


def comma() -> str:
    """Return what stands between two things that are named together."""
    return pgettext("punctuation", ", ")


def colon() -> str:
    """Return what stands between a name and what it names."""
    return pgettext("punctuation", ": ")


def gap() -> str:
    """Return what stands between two sentences: the blank after a mark, where the language has one."""
    return comma()[1:]
