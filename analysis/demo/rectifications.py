"""How hazards of the demo city are rectified: mostly in time, some late, the excellent early."""

import datetime as dt

from analysis.demo import words
from analysis.demo.clockwork import WORSE_DAYS, Clockwork
from hazards.choices import Road, State
from hazards.models import Hazard
from hazards.services import Given
from safegrid.accounts.models import Post
from safegrid.kernel import clock

#: How likely a rectification comes late, and how that is steered: the shares of late ones, of the city and of
#: the district that gets worse, must not depend on the day on which the demo is started.
USUAL, MORE, LESS, WORSE = 0.08, 0.25, 0.01, 0.35
LATE_SHARE = (0.07, 0.09)
ENOUGH = 40  # decisions before the share tells anything


class Rectifications(Clockwork):
    """From the order or the plan to the closing."""

    def _rectify_in_time(self, hazard: Hazard, now: dt.datetime) -> None:
        """Queue when the enterprise will be done: mostly in time, some late, the excellent early."""
        assert hazard.due_at is not None  # noqa: S101 (it is rectifying)
        length = max((hazard.due_at - now).total_seconds() / 86400, 0.1)
        late = self.rng.random() < self._lateness(hazard, now)
        done = hazard.due_at + dt.timedelta(days=self.rng.uniform(0.3, 5)) if late else None
        if done is None or done >= self.end:
            share = (
                self.rng.uniform(0.05, 0.3)
                if self._is_excellent(hazard.site)
                else self.rng.uniform(0.2, 0.95)
            )
            done = now + dt.timedelta(days=length * share)
            if not late and self.rng.random() < 0.04 and length > 4 and hazard.road == Road.ORDERED:
                self.at(now + dt.timedelta(days=length * 0.4), lambda at: self._extend(hazard.pk, at))
                done = now + dt.timedelta(days=length * 0.9)
        self.decided += 1
        self.decided_late += done > hazard.due_at
        if self._gets_worse(hazard, now):
            self.worse_decided += 1
            self.worse_late += done > hazard.due_at
        self.at(done, lambda at: self._submit(hazard.pk, at))

    def _lateness(self, hazard: Hazard, now: dt.datetime) -> float:
        if self._is_excellent(hazard.site):
            return 0
        if self._gets_worse(hazard, now):
            # They are few: by chance alone, on some days it would be as good as the others.
            return float(self.worse_late < WORSE * (self.worse_decided + 1))
        if self.decided < ENOUGH:
            return USUAL
        share = self.decided_late / self.decided
        return MORE if share < LATE_SHARE[0] else LESS if share > LATE_SHARE[1] else USUAL

    def _gets_worse(self, hazard: Hazard, now: dt.datetime) -> bool:
        return hazard.district_id == self.worse and (self.end - now).days < WORSE_DAYS

    def _submit(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("enterprise", "site").get(pk=pk)
        if hazard.state != State.RECTIFYING:
            return
        officer, _principal = self.city.staff[hazard.enterprise_id]
        person = self.city.people[officer.pk]
        photo = self.album.take(person, tidy=True, now=now)
        done = self._act(pk, "submit", Given(note=self.rng.choice(words.FIXED), photos=[photo]), officer, now)
        if done.state == State.TO_CONFIRM:
            self.at(self.later(now, self.rng.uniform(0.2, 2.5)), lambda at: self._confirm(pk, at))
        else:
            self.at(self.later(now, self.rng.uniform(0.5, 5)), lambda at: self._accept(pk, at))

    def _confirm(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.get(pk=pk)
        if hazard.state == State.TO_CONFIRM:
            _officer, principal = self.city.staff[hazard.enterprise_id]
            self._act(pk, "confirm", Given(note="已核实"), principal, now)

    def _accept(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("ordered_by", "site").get(pk=pk)
        post = hazard.ordered_by
        if hazard.state != State.TO_ACCEPT or post is None:
            return
        if hazard.round == 1 and self.rng.random() < 0.05:
            day = clock.local_date(now) + dt.timedelta(days=7)
            back = self._act(
                pk, "send_back", Given(note=self.rng.choice(words.SENT_BACK), due_on=day), post, now
            )
            self.at(self.later(now, self.rng.uniform(1, 5)), lambda at: self._submit(back.pk, at))
            return
        self._act(pk, "accept", Given(note=self.rng.choice(words.ACCEPTED)), post, now)
        if self.rng.random() < 0.01:
            self.at(self.later(now, 6), lambda at: self._reopen(pk, post, at))

    def _reopen(self, pk: int, post: Post, now: dt.datetime) -> None:
        day = clock.local_date(now) + dt.timedelta(days=7)
        self._act(pk, "reopen", Given(note="回访发现问题反弹", due_on=day), post, now)
        self.at(self.later(now, self.rng.uniform(1, 5)), lambda at: self._submit(pk, at))

    def _extend(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("ordered_by", "enterprise").get(pk=pk)
        if hazard.state != State.RECTIFYING or hazard.is_overdue(now) or hazard.ordered_by is None:
            return
        officer, _principal = self.city.staff[hazard.enterprise_id]
        day = hazard.due_on + dt.timedelta(days=7)
        asked = Given(note=self.rng.choice(words.EXTENSION_REASONS), due_on=day)
        self._act(pk, "ask_extension", asked, officer, now)
        post = hazard.ordered_by
        answer = "grant_extension" if self.rng.random() < 0.8 else "deny_extension"
        self.at(
            now + dt.timedelta(hours=self.rng.randint(3, 30)),
            lambda at: self._answer(pk, answer, post, at),
        )

    def _answer(self, pk: int, answer: str, post: Post, now: dt.datetime) -> None:
        if Hazard.objects.filter(pk=pk, state=State.RECTIFYING, extensions__state="asked").exists():
            self._act(
                pk, answer, Given(note="情况属实" if answer.startswith("grant") else "请按期完成"), post, now
            )
