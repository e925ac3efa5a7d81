"""What is wrong with a file or a row: codes that are stored, and their wording for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: What is wrong with a whole file. The codes are raised as `Unreadable`.
FILE_PROBLEMS: dict[str, Any] = {
    "empty": _("The file is empty."),
    "no_rows": _("The file has headings but no rows."),
    "too_big": _("The file is larger than %(limit)s. Split it, or leave out columns that are not needed."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it."),
    "cut_off": _("The file is incomplete: it ends in the middle. Save it again, then upload it again."),
    "no_spreadsheet": _("This is no spreadsheet. Choose a CSV or an Excel (XLSX) file."),
    "locked": _("The file is locked with a password. Save it without one, then upload it again."),
    "no_column": _(
        "No heading in this file is known. Name the columns in its first row, such as: %(headings)s."
    ),
    "no_sheet": _("The file has no sheet “%(sheet)s” with headings."),
    "changed": _("The file is no longer there as it was uploaded. Upload it again."),
    "unexpected": _("Something went wrong. What was imported stays; go on when the cause is found."),
}

#: What is wrong with a row, whatever is imported. Kinds add their own.
ROW_PROBLEMS: dict[str, Any] = {
    "cut_off": _("The file ends in the middle of this row."),
    "missing": _("%(field)s is missing."),
    "too_long": _("%(field)s is longer than %(limit)s characters."),
    "duplicate": _("Row %(row)s is the same."),
    "unknown_word": _("%(field)s: “%(text)s” is not known."),
    "total_line": _("A line of totals."),
    "signature_line": _("A line of signatures or remarks."),
    "heading_line": _("The headings once more."),
    "blank_line": _("The row holds nothing."),
    "unknown_day": _("%(field)s: “%(text)s” is no day; write 2026-12-01."),
    "out_of_reach": _("It stands outside of the area that you may act in."),
}


class Unreadable(Exception):
    """A file that cannot be imported, by a code of `FILE_PROBLEMS`."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def message(self) -> str:
        """What is wrong, in the reader's language."""
        return wording(FILE_PROBLEMS, self.code, self.details)


class Rejected(Exception):
    """A row that cannot be imported, by a code of the kind's problems."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Skipped(Rejected):
    """A row that is none of the table's: a total, a signature, a repetition."""


def wording(problems: Mapping[str, Any], code: str, details: Mapping[str, Any]) -> str:
    """Return a problem in the reader's language."""
    return str(problems[code]) % details
