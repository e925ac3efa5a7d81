"""What is given with an act on a hazard, and an act under way."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hazards.grading.models import MajorItem
from hazards.models import Hazard
from safegrid.accounts.models import Post, User
from safegrid.files.models import StoredFile


@dataclass(frozen=True)
class Given:
    """What the person gave with an act. Which of it is required, the lifecycle table says."""

    note: str = ""
    due_on: dt.date | None = None
    policy: str = ""  # code of a deadline policy that takes the place of `due_on`
    due_at: dt.datetime | None = None  # an exact moment that takes the place of `due_on`
    grade: str = ""
    major_basis: str = ""
    major_item: MajorItem | None = None
    likelihood: int | None = None  # 1 to 5, with `consequence`
    consequence: int | None = None
    category: str = ""
    measures: str = ""
    measure: str = ""  # a kind of measure on the spot
    extent: str = ""  # what a measure or a suspension covers
    told_regulator_on: dt.date | None = None
    told_workers_on: dt.date | None = None
    paper_number: str = ""
    paper_on: dt.date | None = None
    title: str = ""
    description: str = ""
    spot: str = ""
    photos: Sequence[StoredFile] = ()
    responsible: str = ""
    plan_measures: str = ""
    funds: Decimal | None = None  # yuan
    plan_due_on: dt.date | None = None
    contingency: str = ""
    same_as: Hazard | None = None  # the one that this is


@dataclass
class Deed:
    """One act under way: what the effects of each action work on."""

    hazard: Hazard
    given: Given
    actor: User
    post: Post
    now: dt.datetime
    data: dict[str, Any] = field(default_factory=dict)  # what the ledger keeps of it
