"""Who answers for a site: the rule, written once.

The most specific assignment answers. A site assignment comes first. Among the others, on the
territorial line the depth of the district counts before the depth of the matter; on the industry and
comprehensive lines the depth of the matter before that of the district. No assignment, or one whose
post nobody holds or stands in for: a gap. Two bodies at equal specificity: an overlap.
The enterprise line is the enterprise's own: its principal is the first responsible person (Art. 5, 21), the
holder of that post, or else whom the register names.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders, units_on
from safegrid.grid.models import District, Enterprise, Matter, Site
from safegrid.grid.places.past import place_ids_on


@dataclass(frozen=True)
class Answering:
    """One who answers: a post and who holds it or stands in, or whom the register names as principal."""

    post: Post | None
    holder: User | None
    registered: Enterprise | None = None  # it names its principal, and nobody holds such a post

    @property
    def is_there(self) -> bool:
        """Whether there is somebody."""
        return self.holder is not None or self.registered is not None


@dataclass(frozen=True)
class Answer:
    """Who answers on one line and tier for one matter of a site, and why."""

    line: str
    tier: str
    matter: Matter
    assignments: tuple[Assignment, ...]  # more than one: an overlap; none: a gap
    outranked: tuple[Assignment, ...]
    answering: tuple[Answering, ...]  # each of them with equal right, whoever is there first

    @property
    def post(self) -> Post | None:
        """The post of the first of them."""
        return self.answering[0].post

    @property
    def holder(self) -> User | None:
        """Who holds it or stands in."""
        return self.answering[0].holder

    def get_line_display(self) -> str:
        """The line in the reader's words."""
        return str(Line(self.line).label)

    def get_tier_display(self) -> str:
        """The tier in the reader's words."""
        return str(Tier(self.tier).label)

    @property
    def is_gap(self) -> bool:
        """Whether nobody answers. What an enterprise has beside a principal is its own affair."""
        is_asked = self.line != Line.ENTERPRISE or self.tier == Tier.LEAD
        return is_asked and not any(each.is_there for each in self.answering)

    @property
    def is_overlap(self) -> bool:
        """Whether two bodies answer with equal right; two posts of one body share the work."""
        return len({each.post.unit_id for each in self.assignments}) > 1


def specificity(assignment: Assignment) -> tuple[int, int, int]:
    """Return the rank of an assignment: the larger tuple outranks the smaller."""
    if assignment.site_id is not None:
        return (1, 0, assignment.matter.depth)
    place, matter = assignment.district.depth, assignment.matter.depth  # type: ignore[union-attr]
    return (0, place, matter) if assignment.line == Line.TERRITORIAL else (0, matter, place)


def who_answers(site: Site, *, on: dt.date) -> list[Answer]:
    """Return an answer for each (line, tier, matter) of `site` on the local day `on`.

    Only those that an assignment or the enterprise's own line speaks to; what the coverage policy
    requires beyond them is the audit's business. Of a day that is over, it is asked where the site stood
    then. A bounded number of queries.
    """
    matters = matters_of(site, on=on)
    found = who_answers_in(place_ids_on(site, on), matters, site=site, on=on)
    return found + _enterprise_line(site, matters, on=on)


def who_answers_in(
    place_ids: Mapping[str, int | None], matters: Sequence[Matter], *, on: dt.date, site: Site | None = None
) -> list[Answer]:
    """Return likewise who answers for `matters` in a place, given by its columns, or of a `site` in it.

    The enterprise's own line is not among them. Five queries.
    """
    places = [pk for pk in place_ids.values() if pk]
    city = District.objects.filter(depth=1).values_list("pk", flat=True)
    at_site = Q(site=site) if site is not None else Q()
    paths = {m.path[:end] for m in matters for end in range(m.steplen, len(m.path) + 1, m.steplen)}
    candidates = list(
        Assignment.objects.as_of(on)
        .filter(at_site | Q(district__in=[*places, *city]), matter__path__in=paths)
        .select_related("post__unit", "matter", "district", "site")
        .order_by("pk")
    )
    manned = holders({a.post_id for a in candidates}, on=on)
    then = units_on({a.post_id for a in candidates}, on=on)
    for each in candidates:
        if each.post_id in then:  # the body that it was in that day
            each.post.unit = then[each.post_id]
    found = []
    for matter in matters:
        fitting = defaultdict(list)
        for each in candidates:
            if matter.path.startswith(each.matter.path):
                fitting[each.line, each.tier].append(each)
        for (line, tier), rivals in sorted(fitting.items()):
            found.append(_decide(line, tier, matter, rivals, manned))
    return found


def matters_of(site: Site, *, on: dt.date) -> list[Matter]:
    """Return the matters that `site` has on the local day `on`, in the order of their tree. One query."""
    dated = site.matters.filter(span__contains=on).values("matter")
    return list(Matter.objects.filter(pk__in=dated).order_by("path"))


def _decide(
    line: str, tier: str, matter: Matter, rivals: list[Assignment], manned: dict[int, User]
) -> Answer:
    best = max(specificity(a) for a in rivals)
    winners = tuple(a for a in rivals if specificity(a) == best)
    beaten = tuple(a for a in rivals if specificity(a) != best)
    posts = {a.post_id: a.post for a in winners}
    return Answer(line, tier, matter, winners, beaten, _answering(posts.values(), manned))


def _answering(posts: Iterable[Post], manned: Mapping[int, User]) -> tuple[Answering, ...]:
    found = [Answering(post, manned.get(post.pk)) for post in posts]
    return tuple(sorted(found, key=lambda each: not each.is_there))


def _enterprise_line(site: Site, matters: list[Matter], *, on: dt.date) -> list[Answer]:
    """Return who answers in the enterprise, for all of its matters at once: an answer bears the first one."""
    if not matters:
        return []
    kinds = {PostKind.PRINCIPAL: Tier.LEAD, PostKind.SAFETY_OFFICER: Tier.DIRECT}
    posts = defaultdict(list)
    for post in Post.objects.filter(enterprise=site.enterprise_id, kind__in=kinds).order_by("pk"):
        posts[kinds[PostKind(post.kind)]].append(post)
    manned = holders([post.pk for each in posts.values() for post in each], on=on)
    answering = {tier: _answering(each, manned) for tier, each in posts.items()}
    leads = answering.get(Tier.LEAD, ())
    if not any(each.is_there for each in leads) and site.enterprise.principal:
        answering[Tier.LEAD] = (Answering(None, None, site.enterprise),)
    return [
        Answer(Line.ENTERPRISE, tier, matters[0], (), (), answering[tier])
        for tier in Tier
        if tier in answering
    ]
