"""What can be imported: the fields of each kind, and the importer that understands and stores its rows.

Upper floors plug in kinds of their own.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from safegrid.grid.choices import Datum, Outcome
from safegrid.grid.imports.headings import Recognise, recogniser
from safegrid.grid.imports.problems import ROW_PROBLEMS, Rejected, Skipped, wording
from safegrid.grid.models import ImportJob
from safegrid.kernel.punctuation import comma
from safegrid.kernel.scope import NOWHERE, Reach
from safegrid.kernel.sockets import Socket

#: Posts that may import: the safety committee's office, and who administers the portal.
MAY_IMPORT = ("office", "admin")
#: Posts that are not held to an area: they administer the portal.
UNBOUND = ("admin",)


@dataclass(frozen=True)
class Field:
    """One thing that a column may hold."""

    code: str
    label: Any
    headings: tuple[str, ...]  # how spreadsheets call it, Chinese and English
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the file: its number there, its cells, and the cells by field."""

    number: int
    cells: list[str]
    values: Mapping[str, str]


@dataclass
class Plan:
    """What is to become of a row, or has."""

    row: Row
    outcome: str = Outcome.REJECTED
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    unplaced: bool = False
    object_id: int | None = None
    work: Any = None  # what the importer has to write

    def reject(self, problem: Rejected) -> None:
        """Say that nothing becomes of the row, and why."""
        self.outcome, self.reason, self.details = Outcome.REJECTED, problem.code, problem.details
        self.work = None

    def skip(self, problem: Skipped) -> None:
        """Say that the row is none of the table's, and what it is instead."""
        self.reject(problem)
        self.outcome = Outcome.SKIPPED


@dataclass(frozen=True)
class Terms:
    """On which terms rows are read and written."""

    mapping: Mapping[str, str]  # field → column
    now: dt.datetime
    datum: str = Datum.WGS84
    #: Where the rows must stand; None asks nothing (the command line, an administrator).
    reach: Reach | None = NOWHERE
    post_id: int | None = None  # as which post it is imported
    job_id: int | None = None  # None: nothing will be written
    #: Field → spelling as it is compared → what somebody said it means.
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: str = ""  # the file's name

    def must_reach(self, columns: Mapping[str, int | None], matter_id: int | None = None) -> None:
        """Raise Rejected unless whoever imports may act on the matter in the place of `columns`.

        Without a matter: on every one.
        """
        if self.reach is None:
            return
        for branch in self.reach.branches:
            every = branch.matter_id is None
            if not branch.acting or not (every or matter_id in branch.matter_ids):
                continue
            if branch.city or (branch.level and columns[f"{branch.level}_id"] == branch.place_id):
                return
        raise Rejected("out_of_reach")


class Importer(ABC):
    """Understands and stores the rows of one file. It lives for one run and remembers what it has seen."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    @abstractmethod
    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row, writing nothing. The same rows may be given again."""

    @abstractmethod
    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood, by the keys of the kind's `shown`."""

    @abstractmethod
    def apply(self, plans: Sequence[Plan]) -> None:
        """Write what is planned and set each plan's `object_id`, in the caller's transaction."""


@dataclass(frozen=True)
class Vocabulary:
    """What the words of a field may mean: a closed list, with the spellings that are known."""

    choices: Callable[[], Sequence[tuple[str, Any]]]  # what somebody may choose for an unknown spelling
    find: Callable[[str], str | None]  # the choice that a spelling is known to mean


@dataclass(frozen=True)
class Kind:
    """A sort of rows that can be imported."""

    code: str
    label: Any
    fields: tuple[Field, ...]
    importer: Callable[[Terms], Importer]
    problems: Mapping[str, Any]  # wording by reason, beside `ROW_PROBLEMS`
    shown: tuple[tuple[str, Any], ...]  # keys and headings of how a row was understood
    #: The list of exactly the rows of which this became, "" for all that were not rejected.
    result_url: Callable[[ImportJob, str], str]
    #: What became of which, as names and addresses, for a kind whose list cannot be narrowed to an import.
    written: Callable[[ImportJob], Mapping[str, Sequence[tuple[str, str]]]] | None = None
    placed: bool = False  # whether rows have a position and may be left to be placed
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)  # by field
    desk: str = "grid"  # the namespace of the pages at which such files are brought
    importers: tuple[str, ...] = MAY_IMPORT  # kinds of posts that may bring such files
    may_bring: Callable[[Any], bool] = bool  # what else such a post must be able to
    unbound: tuple[str, ...] = UNBOUND  # kinds of posts whose rows may stand anywhere
    batch: int | None = None  # rows of one transaction, where others than the usual number are better

    @cached_property
    def by_code(self) -> Mapping[str, Field]:
        """The fields by their codes."""
        return {f.code: f for f in self.fields}

    @cached_property
    def recognise(self) -> Recognise:
        """Tells which field a heading is."""
        return recogniser({f.code: (f.code, *f.headings) for f in self.fields})

    @property
    def examples(self) -> str:
        """Headings to name when none was recognised."""
        return comma().join(f.headings[0] for f in self.fields[:4])

    def reason(self, code: str, details: Mapping[str, Any]) -> str:
        """Return why a row was rejected, in the reader's language."""
        named = dict(details)
        if "field" in named:
            named["field"] = self.by_code[named["field"]].label
        return wording({**ROW_PROBLEMS, **self.problems}, code, named)

    def rows(self, table: Any, mapping: Mapping[str, str]) -> list[Row]:
        """Return a table's rows with their cells by field."""
        places = {code: table.columns.index(column) for code, column in mapping.items()}
        return [
            Row(number, cells, {code: cells[place] for code, place in places.items()})
            for number, cells in table
        ]


kinds: Socket[Kind] = Socket("import kinds")
