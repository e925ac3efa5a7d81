"""Hazards with their obligations and the involvement of who found and ordered them.

In order of time, more of them each year; 70 % closed, of the recent ones fewer; a few sites have most. The
title, the matter and the officer of each are chosen as unevenly.
"""

import csv
from random import Random

from django.contrib.contenttypes.models import ContentType

from bench.data.bodies import Bodies
from bench.data.bulk import array, copy_text
from bench.data.calendar import Days
from bench.data.sites import pick, zipf
from bench.data.size import CHUNK, YEARS, Size, dice
from hazards.choices import Category
from hazards.models import Hazard
from responsibility.models import Obligation
from safegrid.accounts.models import Involvement
from safegrid.grid.models import Site
from safegrid.kernel.bigrams import bigrams, normal
from safegrid.local.portal import ROOT

RARE = "鲲鹏"  # two characters that stand in a handful of hazards and nowhere else
RARE_EVERY = 5  # parts of the city: one in each
GROWTH = 0.8  # below 1: more hazards each year than in the year before
SKEW = 1.6  # above 1: the first sites have more than the last ones
SPOTS = [
    "一层东侧",
    "一层西侧",
    "二层走廊",
    "三层会议室",
    "后厨",
    "前厅",
    "大堂",
    "配电室",
    "1号库房",
    "2号库房",
    "3号库房",
    "原料库",
    "成品库",
    "锅炉房",
    "水泵房",
    "电梯机房",
    "地下车库",
    "员工宿舍",
    "食堂",
    "办公区",
    "生产车间",
    "装配线",
    "危废间",
    "气瓶间",
    "施工现场",
    "塔吊下方",
    "疏散楼梯",
    "楼顶",
    "大门口",
    "消控室",
]
WORKING_SECONDS = 9 * 60 * 60

HAZARD_COLUMNS = [
    "id",
    "number",
    "enterprise_id",
    "site_id",
    "matter_id",
    "industry_id",
    "then_district_id",
    "then_township_id",
    "road",
    "source",
    "title",
    "description",
    "spot",
    "item_code",
    "category",
    "grade",
    "major_basis",
    "risk",
    "late_reason",
    "paper_number",
    "measures",
    "fixed_on_the_spot",
    "is_shared",
    "state",
    "version",
    "found_at",
    "found_by_id",
    "found_post_id",
    "ordered_by_id",
    "ordering_unit_id",
    "ordered_at",
    "fixed_by_id",
    "due_at",
    "due_on",
    "original_due_on",
    "round",
    "closed_at",
    "days_late",
    "search",
    "search_text",
    "district_id",
    "township_id",
    "community_id",
    "cell_id",
]
OBLIGATION_COLUMNS = [
    "id",
    "kind",
    "subject_type_id",
    "subject_id",
    "site_id",
    "enterprise_id",
    "matter_id",
    "duty_id",
    "debtor_post_id",
    "debtor_enterprise_id",
    "creditor_post_id",
    "not_by_id",
    "opened_at",
    "due_at",
    "due_on",
    "original_due_on",
    "policy_id",
    "closed_at",
    "outcome",
    "days_late",
    "next_look_at",
    "rung",
    "announce",
    "failures",
    "is_major",
    "is_shared",
    "label",
    "params",
    "district_id",
    "township_id",
    "community_id",
    "cell_id",
]
INVOLVEMENT_COLUMNS = (
    "id",
    "subject_type_id",
    "subject_id",
    "post_id",
    "role",
    "since",
    "until",
    "is_outside",
)
NULL = "\\N"


class Hazards:
    """Makes hazards chunk by chunk; what all chunks need is read once, before the processes part."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.bodies = Bodies()
        self.type = ContentType.objects.get_for_model(Hazard).pk
        far = size.today.replace(year=size.today.year + 1)
        self.days = Days(size.first_day, far, size.today)
        self.first, self.span = size.first_day.toordinal(), 365 * YEARS - 2
        self.sites = list(
            Site.objects.exclude(district=None)
            .order_by("pk")
            .values_list(
                "pk",
                "enterprise_id",
                "enterprise__name",
                "name",
                "industry_id",
                "matter_ids",
                "district_id",
                "township_id",
                "community_id",
                "cell_id",
            )
        )
        with (ROOT / "analysis/demo/findings.csv").open(encoding="utf-8", newline="") as stream:
            self.findings = [(r["item"], r["found"], r["measures"]) for r in csv.DictReader(stream)]
        self.finding_weights = zipf(len(self.findings))
        self.categories = [str(c) for c in Category.values]
        self.year_starts = self._year_starts()
        self._pairs: dict[tuple[str, ...], frozenset[str]] = {}
        self._flat: dict[str, str] = {}

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.size.hazards // CHUNK)

    def _day(self, number: int) -> int:
        return self.first + int(self.span * (number / self.size.hazards) ** GROWTH)

    def _year_starts(self) -> list[tuple[int, str]]:
        """Return the first hazard of each year, and how its number begins."""
        found: list[tuple[int, str]] = []
        for number in range(self.size.hazards):
            year = self.days.text[self._day(number)][:4]
            if not found or found[-1][1] != year:
                found.append((number, year))
        return found

    def make(self, chunk: int) -> None:
        """Make and write one chunk."""
        rng = dice("hazards", chunk)
        hazards: list[str] = []
        obligations: list[str] = []
        involved: list[str] = []
        for number in range(chunk * CHUNK, min((chunk + 1) * CHUNK, self.size.hazards)):
            hazard, owed, posts = self._one(rng, number)
            hazards.append(hazard)
            obligations += owed
            involved += posts
        copy_text(Hazard, HAZARD_COLUMNS, hazards)
        copy_text(Obligation, OBLIGATION_COLUMNS, obligations)
        copy_text(Involvement, INVOLVEMENT_COLUMNS, involved)

    def _known(self, *texts: str) -> frozenset[str]:
        """Return the pairs of characters of texts, remembered: many hazards share them."""
        found = self._pairs.get(texts)
        if found is None:
            found = self._pairs[texts] = frozenset(bigrams(*texts))
        return found

    def _normal(self, text: str) -> str:
        found = self._flat.get(text)
        if found is None:
            found = self._flat[text] = normal(text)
        return found

    def _number(self, number: int) -> str:
        start, year = next(pair for pair in reversed(self.year_starts) if pair[0] <= number)
        return f"XN-{year}-{number - start + 1:06d}"

    def _one(self, rng: Random, number: int) -> tuple[str, list[str], list[str]]:
        chance, days, today = rng.random, self.days, self.days.today
        age = number / self.size.hazards  # 1: found just now
        found = self._day(number)
        site, enterprise, owner, name, industry, matters, *place = self.sites[
            int(len(self.sites) * chance() ** SKEW)
        ]
        columns = "\t".join(NULL if pk is None else str(pk) for pk in place)
        matter = matters[int(len(matters) * chance() ** 2)]
        item, what, measures = pick(rng, self.findings, self.finding_weights)
        spot = SPOTS[int(len(SPOTS) * chance())]
        rare = number % max(1, self.size.hazards // RARE_EVERY) == 3
        title = f"{spot}{RARE if rare else ''}{what}"
        is_own = chance() < 0.35
        is_major = not is_own and chance() < 0.02
        state, closed, rectified, due = self._state(rng, found, age, is_own)

        who = self.bodies.of_enterprise.get(enterprise) if is_own else None
        officer = None if is_own else self.bodies.who_orders(rng, place[0], place[3], matter)
        by = officer or who
        is_ordered = officer is not None and state not in ("reported", "graded")
        second = int(WORKING_SECONDS * chance())
        found_at = days.at(found, second)
        ordered = min(found + 1, today - 1) if due is None else max(found, min(due - 30, today - 1))
        ordered_at = days.at(ordered, WORKING_SECONDS) if ordered == found else days.at(ordered, second)
        due_at = NULL if due is None else days.end(due)
        due_on = "9999-12-31" if due is None else days.text[due]
        late = NULL if rectified is None or due is None or closed is None else str(rectified - due)
        over = today if rectified is None and state == "rectifying" else rectified
        is_late = due is not None and over is not None and over > due
        is_shared = "f" if is_own and not is_late else "t"
        code = self._number(number)
        pairs = self._known(title) | self._known(owner, name) | self._of_number(code)
        words = "\\n".join((code.lower(), self._normal(title), self._normal(owner), self._normal(name)))
        post = NULL if by is None else str(by.post)
        user = NULL if by is None else str(by.user)
        orders = str(officer.post) if is_ordered and officer else NULL
        pk = number + 1
        hazard = (
            f"{pk}\t{code}\t{enterprise}\t{site}\t{matter}\t{industry}\t{place[0]}\t{place[1] or NULL}\t"
            f"{'self' if is_own else 'ordered'}\t{'self_inspection' if is_own else 'inspection'}\t{title}\t\t"
            f"{spot}\t{item}\t{self.categories[int(8 * chance() ** 1.5)]}\t"
            f"{'major' if is_major else 'general'}\t"
            f"{'重大事故隐患判定标准' if is_major else ''}\t\t\t\t{measures}\tf\t{is_shared}\t"
            f"{state}\t3\t{found_at}\t{user}\t"
            f"{post}\t{orders}\t{officer.unit if is_ordered and officer else NULL}\t"
            f"{ordered_at if is_ordered else NULL}\t{NULL}\t{due_at}\t{due_on}\t"
            f"{NULL if due is None else due_on}\t1\t"
            f"{NULL if closed is None else days.at(closed, WORKING_SECONDS + 60)}\t{late}\t"
            f"{array(sorted(pairs))}\t{words}\t{columns}"
        )
        about = (
            f"{site}\t{enterprise}\t{matter}\t{NULL}",
            f"{'t' if is_major else 'f'}\t{is_shared}",
            f'{{"number": "{code}", "title": "{title}"}}\t{columns}',
        )
        owed = []
        if state != "cancelled" and due is not None:
            ends = NULL if rectified is None else days.at(rectified, WORKING_SECONDS + 30)
            opened = ordered_at if is_ordered else found_at
            debtor = f"{NULL}\t{enterprise}\t{orders}"
            owed.append(self._owed(2 * pk, pk, "rectify", debtor, opened, due, rectified, ends, about))
        if state in ("reported", "graded", "to_confirm", "to_accept"):
            kind = {"to_confirm": "confirm", "to_accept": "accept"}.get(state, "decide")
            begins = found if kind == "decide" else rectified or found
            limit = begins + {"decide": 2, "confirm": 3, "accept": 10}[kind]
            debtor = f"{NULL}\t{enterprise}\t{NULL}" if kind == "confirm" else f"{post}\t{NULL}\t{NULL}"
            opened = days.at(begins, WORKING_SECONDS)
            owed.append(self._owed(2 * pk + 1, pk, kind, debtor, opened, limit, None, NULL, about))
        if by is None:
            return hazard, owed, []
        outside = "t" if number % 97 == 0 else "f"  # a few were found when the post reached elsewhere
        posts = [f"{2 * pk}\t{self.type}\t{pk}\t{post}\tfound\t{found_at}\t{NULL}\t{outside}"]
        if is_ordered:
            posts.append(f"{2 * pk + 1}\t{self.type}\t{pk}\t{post}\tordered\t{ordered_at}\t{NULL}\t{outside}")
        return hazard, owed, posts

    def _state(
        self, rng: Random, found: int, age: float, is_own: bool
    ) -> tuple[str, int | None, int | None, int | None]:
        """Return (state, day closed, day rectified, day due)."""
        chance, today = rng.random, self.days.today
        fate, more = chance(), chance()
        is_open = fate < 0.87 * age * age
        if not is_open and fate > 0.99:
            return "cancelled", None, None, None
        limit = (3, 7, 15, 30)[int(4 * more)]
        if not is_open:
            due = found + 1 + limit
            rectified = min(found + 1 + int(rng.expovariate(1 / 11)), today - 1)
            return "closed", min(rectified + int(6 * chance()), today - 1), max(rectified, found), due
        if not is_own and more < 0.14:
            return ("reported" if more < 0.08 else "graded"), None, None, None
        if more > 0.82:
            rectified = max(found, today - 1 - int(rng.expovariate(1 / 4)))
            return ("to_confirm" if is_own else "to_accept"), None, rectified, max(found, rectified - 3) + 5
        return "rectifying", None, None, max(today - 12 + int(60 * chance()), found + 3)

    def _owed(
        self,
        pk: int,
        subject: int,
        kind: str,
        debtor: str,
        opened: str,
        due: int,
        done: int | None,
        closed_at: str,
        about: tuple[str, str, str],
    ) -> str:
        """Return the row of an obligation: open when nothing says when it was done."""
        days = self.days
        if done is None:
            climbed, look = days.ladder(due)
            ending = f"{NULL}\t\t{NULL}\t{look}\t{climbed}"
        else:
            ending = f"{closed_at}\tmet\t{done - due}\t{NULL}\t0"
        day = days.text[due]
        return (
            f"{pk}\thazard_{kind}\t{self.type}\t{subject}\t{about[0]}\t{debtor}\t{NULL}\t{opened}\t"
            f"{days.end(due)}\t{day}\t{day}\t{NULL}\t{ending}\t{{}}\t0\t{about[1]}\thazard_{kind}\t{about[2]}"
        )

    @staticmethod
    def _of_number(code: str) -> set[str]:
        low = code.lower()
        return {low[i : i + 2] for i in range(len(low) - 1)}
