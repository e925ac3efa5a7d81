"""Sending a letter to a unit, correcting its paper, and what becomes of its answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from responsibility.documents import services as documents
from responsibility.documents.models import Document
from responsibility.guidance import services as guidance
from responsibility.guidance.choices import NoticeState
from responsibility.guidance.models import Notice
from responsibility.letters.choices import Rung
from responsibility.letters.models import LetterItem, UnitLetter
from responsibility.letters.queries import NUMBER_LENGTH, is_skipping, late_of, may_send, next_rung
from responsibility.obligations import words
from responsibility.obligations.models import Obligation
from responsibility.replies import services as replies
from responsibility.replies.choices import ReplyState
from responsibility.replies.lifecycle import actor_for, asked
from responsibility.replies.models import NOTE_LENGTH, ReplyStep
from responsibility.units.answering import answering_post
from responsibility.units.queries import governments_below, member_units
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

REASON_LENGTH = 300
PLACE_LENGTH = 120
MOST = 50  # things in one letter


def send(
    *,
    token: uuid.UUID,
    unit: Unit,
    rung: str,
    text: str,
    due_on: dt.date | None,
    owed: Sequence[Obligation],
    skip_reason: str = "",
    talk_at: dt.datetime | None = None,
    talk_place: str = "",
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> UnitLetter:
    """Send `unit` the letter of a rung about what it is late with, and return it with its paper issued.

    The post that answers for the unit owes a reply by the local day `due_on`. A talk says when and where it
    is; a circular goes to the other bodies as well, as a notice whose receipt they owe. Sent twice with one
    `token`, the first comes back. Raise NotAllowed for whoever may not; Invalid naming the field: a rung
    above the next one without a `skip_reason`, nothing that is late, a day that is past, nobody who could
    answer, a talk at no time or place.
    """
    if acting_post is None or acting_post.pk not in actor.reach.post_ids or not may_send(acting_post, unit):
        raise NotAllowed
    with transaction.atomic():
        # Two letters to one unit are sent one after the other, so that the ladder is climbed by one alone.
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        done = UnitLetter.objects.filter(token=token, sender_post=acting_post).first()
        if done is not None:
            return done
        text, skip_reason = text.strip(), skip_reason.strip()[:REASON_LENGTH]
        rows = list(late_of(unit, actor, now=now).filter(pk__in=[each.pk for each in owed]))
        post = answering_post(unit, on=clock.local_date(now))
        wrong = {}
        if rung not in Rung.values:
            raise Invalid({"rung": _("Choose a kind of letter.")})
        expected, waiting = next_rung(unit)
        skips = is_skipping(rung, expected)
        if skips and not skip_reason:
            wrong["skip_reason"] = _("The next rung is: %(rung)s. Say why it is skipped.") % {
                "rung": expected.label
            }
        if not text:
            wrong["text"] = _("Say what is asked for.")
        talk = _talk(rung, talk_at, talk_place, wrong, now=now)
        if not rows or len(rows) < len({each.pk for each in owed}):
            wrong["owed"] = _("Choose what the unit is late with; some of it may have been done meanwhile.")
        elif len(rows) > MOST:
            wrong["owed"] = _("%(n)s things at most in one letter.") % {"n": MOST}
        if post is None or post.unit_id == acting_post.unit_id:
            wrong["rung"] = _("Nobody but you could answer for this body: fill its head's post first.")
        if wrong:
            raise Invalid(wrong)
        replies.check_day(due_on, now=now)
        assert due_on is not None  # noqa: S101 (checked)
        assert post is not None  # noqa: S101 (likewise)
        letter = UnitLetter.objects.create(
            token=token,
            rung=rung,
            number=f"{token}",  # its own number is known once the paper is issued
            unit=unit,
            post=post,
            text=text[:NOTE_LENGTH],
            skip_reason=skip_reason if skips else "",
            **talk,
            due_on=due_on,
            original_due_on=due_on,
            sender_post=acting_post,
            sent_by=actor,
            sent_at=now,
        )
        LetterItem.objects.bulk_create(
            LetterItem(letter=letter, obligation=row, due_on=row.due_on, over=max(row.days_over(now), 0))
            for row in rows
        )
        paper = _issue(letter, actor=actor, acting_post=acting_post, now=now)
        letter.number = paper.number
        letter.save(update_fields=["number"])
        replies.owe_reply(letter, now=now)
        circulate(letter, paper, actor=actor, acting_post=acting_post, now=now)
        ReplyStep.objects.create(
            letter=letter,
            action="send",
            at=now,
            actor=actor,
            acting_post=acting_post,
            note=letter.skip_reason,
            due_on=due_on,
        )
        data = {
            "number": letter.number,
            "unit": unit.pk,
            "rung": rung,
            "expected": expected,
            "after": waiting.number if waiting is not None else None,
            "owed": [row.pk for row in rows],
        }
        record(letter, "letter.send", actor=actor, acting_post=acting_post, now=now, data=data)
    return letter


def _talk(
    rung: str, at: dt.datetime | None, place: str, wrong: dict[str, str], *, now: dt.datetime
) -> dict[str, Any]:
    """Return when and where a talk is, nothing for other letters; say in `wrong` what is not there."""
    if rung != Rung.TALK:
        return {}
    if at is None:
        wrong["talk_at"] = _("Say when the talk is.")
    elif at < now:
        wrong["talk_at"] = _("This moment is past.")
    if not place.strip():
        wrong["talk_place"] = _("Say where the talk is.")
    return {"talk_at": at, "talk_place": place.strip()[:PLACE_LENGTH]}


def _issue(
    letter: UnitLetter,
    *,
    actor: Any,
    acting_post: Post,
    now: dt.datetime,
    corrects: Document | None = None,
) -> Document:
    """Issue the paper of `letter`, in Chinese whoever sends it."""
    assert acting_post.unit is not None  # noqa: S101 (an office's post)
    with override("zh-hans"):
        items = [
            {
                "title": words.title(item.obligation.label, item.obligation.params),
                "due": documents.in_chinese(item.due_on),
                "over": str(item.over),
            }
            for item in letter.items.select_related("obligation").order_by("pk")
        ]
    talk = {}
    if letter.rung == Rung.TALK:
        talk = {"talk_at": _in_chinese(letter.talk_at), "talk_place": letter.talk_place}
    return documents.issue(
        kind=letter.rung,
        unit=acting_post.unit,
        about=letter,
        values=talk
        | {
            "addressee": letter.unit.name,
            "reply_date": documents.in_chinese(letter.due_on),
            "paragraphs": [line.strip() for line in letter.text.splitlines() if line.strip()],
            "items": items,
        },
        actor=actor,
        acting_post=acting_post,
        now=now,
        corrects=corrects,
    )


def _in_chinese(at: dt.datetime | None) -> str:
    """Return a moment as letters write it: 2026年11月25日9时30分; nothing for a talk of before."""
    if at is None:
        return ""
    local = localtime(at)
    return (
        f"{documents.in_chinese(local.date())}{local.hour}时{f'{local.minute:02d}分' if local.minute else ''}"
    )


def circulate(
    letter: UnitLetter, paper: Document, *, actor: Any, acting_post: Post, now: dt.datetime
) -> Notice | None:
    """Let the member units and the governments below read a circular, as a notice whose receipt they owe.

    Return the notice; None for another letter, or where there is nobody else.
    """
    if letter.rung != Rung.CIRCULAR or acting_post.unit is None:
        return None
    place = acting_post.unit.district
    wanted = member_units(place) | governments_below(place)
    units = list(guidance.receivers(acting_post).filter(pk__in=wanted).exclude(pk=letter.unit_id))
    if not units:
        return None
    with override("zh-hans"):  # as the paper itself is, whoever sends it
        late = [
            f"{number}. {words.title(item.obligation.label, item.obligation.params)}"
            f"（应于{documents.in_chinese(item.due_on)}办结，逾期{item.over}天）"
            for number, item in enumerate(letter.items.select_related("obligation").order_by("pk"), start=1)
        ]
    return guidance.send(
        token=_token(letter, paper),
        title=f"通报：{letter.unit.name}"[: guidance.TITLE_LENGTH],
        text="\n".join((f"{letter.unit.name}下列事项逾期未办结，现通报如下：", *late, letter.text)),
        number=paper.number[:NUMBER_LENGTH],
        units=units,
        by=max(letter.due_on, clock.local_date(now)),
        actor=actor,
        acting_post=acting_post,
        now=now,
    )


def _take_back(
    letter: UnitLetter, last: Document, paper: Document, *, actor: Any, acting_post: Post, now: dt.datetime
) -> None:
    """Close the notice of a circular's last paper: from now on only the corrected one's receipt is owed."""
    rows = Notice.objects.select_for_update(of=("self",)).filter(token=_token(letter, last))
    if (notice := rows.filter(state=NoticeState.RUNNING).first()) is not None:
        guidance.close(
            notice=notice,
            reason=f"由{paper.number}更正",  # in Chinese as the notice is, whoever corrects it
            actor=actor,
            acting_post=acting_post,
            now=now,
        )


def _token(letter: UnitLetter, paper: Document) -> uuid.UUID:
    """Return the token of the notice that tells others of a circular's paper."""
    return uuid.uuid5(letter.token, paper.number)


def _take(pk: int, actor: Any) -> UnitLetter:
    rows = UnitLetter.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("unit", "post", "sender_post").filter(pk=pk).first()
    if row is None:
        raise NotAllowed
    return row


def correct(
    *,
    letter: UnitLetter,
    text: str,
    talk_at: dt.datetime | None = None,
    talk_place: str = "",
    version: int,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> UnitLetter:
    """Issue another paper with a corrected `text`, which names the one it corrects; that one stays as it was.

    A talk is moved in the same way; who read a circular is told anew, and the notice of before is closed.
    Raise NotAllowed for whoever did not send it, Invalid without a text, Stale when it has moved on since
    `version` or no longer waits for an answer.
    """
    with transaction.atomic():
        row = _take(letter.pk, actor)
        if not asked(row, actor_for(actor, acting_post)):
            raise NotAllowed
        assert acting_post is not None  # noqa: S101 (nobody may without a post)
        if row.version != version or row.state != ReplyState.OPEN:
            raise Stale(_("It has moved on since you opened it. Look at it again; nothing was changed."))
        text = text.strip()[:NOTE_LENGTH]
        wrong: dict[str, str] = {} if text else {"text": _("Say what is asked for.")}
        given = {"text": text} | _talk(row.rung, talk_at, talk_place, wrong, now=now)
        if all(getattr(row, name) == value for name, value in given.items()):
            wrong = {"text": _("This is the text that was sent already.")}
        if wrong:
            raise Invalid(wrong)
        for name, value in given.items():
            setattr(row, name, value)
        row.version = version + 1
        row.save(update_fields=[*given, "version"])
        last = documents.about(row).last()
        paper = _issue(row, actor=actor, acting_post=acting_post, now=now, corrects=last)
        if last is not None:
            _take_back(row, last, paper, actor=actor, acting_post=acting_post, now=now)
        circulate(row, paper, actor=actor, acting_post=acting_post, now=now)
        ReplyStep.objects.create(
            letter=row, action="correct", at=now, actor=actor, acting_post=acting_post, note=paper.number
        )
        data = {"number": paper.number, "version": row.version}
        record(row, "letter.correct", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def act(
    *,
    letter: UnitLetter,
    action: str,
    note: str = "",
    due_on: dt.date | None = None,
    version: int,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> UnitLetter:
    """Apply one action to a letter and return it; see `responsibility.replies.services.act`."""
    return replies.act(
        reply=letter,
        action=action,
        note=note,
        due_on=due_on,
        version=version,
        actor=actor,
        acting_post=acting_post,
        now=now,
        lock=lambda letter: _take(letter.pk, actor),
    )
