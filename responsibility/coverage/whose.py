"""Whose it is to resolve a finding: the government it lies under, the head of a unit, or the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from responsibility.assignments.choices import Line, Tier
from responsibility.coverage.choices import Whose
from responsibility.coverage.models import Finding
from responsibility.coverage.rules import rules
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.choices import UnitKind


class Resolvers:
    """Heads and the safety committee's office, read once. Four queries."""

    def __init__(self, findings: Iterable[Finding], *, on: dt.date) -> None:
        posts = list(
            Post.objects.filter(kind__in=(PostKind.HEAD, PostKind.OFFICE), unit__isnull=False)
            .select_related("unit")
            .order_by("pk")
        )
        manned = holders([post.pk for post in posts], on=on)
        self.office: Post | None = None
        self.of_unit: dict[int, Post] = {}
        self.of_place: dict[int, Post] = {}  # heads of governments
        for post in reversed(posts):  # of two the one that was there first
            if post.pk not in manned or post.unit is None:
                continue
            if post.kind == PostKind.OFFICE:
                self.office = post
            else:
                self.of_unit[post.unit.pk] = post
                if post.unit.kind == UnitKind.GOVERNMENT:
                    self.of_place[post.unit.district_id] = post
        rows = list(findings)
        named = {row.post_id for row in rows if row.post_id}
        before = {row.whose_id for row in rows if row.whose_id}
        known = Post.objects.in_bulk(named | before)
        self.units = {pk: known[pk].unit_id for pk in named}
        there = holders(known, on=on)
        self.manned = {pk: known[pk] for pk in named if pk in there}
        self.before = {pk: known[pk] for pk in before if pk in there}

    def kept(self, finding: Finding) -> Post | None:
        """Return who had to resolve a finding that is open again; None where nobody holds that post."""
        return self.before.get(finding.whose_id or 0)

    def of(self, finding: Finding) -> Post | None:
        """Return the post that must resolve `finding`; None only where there is no office.

        A vacant post is its unit's; who leads in a township is named by the district, who looks after a
        cell by the township; what no government can settle alone is the office's. A rule may say otherwise.
        """
        kind = rules[finding.rule].whose
        if kind == Whose.OFFICE:
            return self.office
        if kind == Whose.POST and finding.post_id in self.manned:
            return self.manned[finding.post_id]
        if finding.post_id:
            head = self.of_unit.get(self.units.get(finding.post_id) or 0)
            return head if head is not None and head.pk != finding.post_id else self.office
        if finding.line in ("", Line.TERRITORIAL) and finding.industry_id is None:
            is_near = finding.tier != Tier.LEAD and kind != Whose.DISTRICT
            near = [finding.township_id] if is_near else []
            for place in (*near, finding.district_id):
                if place in self.of_place:
                    return self.of_place[place]
        return self.office
