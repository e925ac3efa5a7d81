"""Verbs on people and posts."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from safegrid.accounts.models import Holding, Involvement, Post, Substitution, User
from safegrid.accounts.queries import scope_of
from safegrid.audit.services import record


def involve(*, subject: models.Model, post: Post, role: str, now: dt.datetime) -> None:
    """Let `post` reach `subject` from now on, whatever its scopes become. Doing it twice changes nothing."""
    inside = type(subject)._default_manager.reached_by(scope_of(post))  # type: ignore[attr-defined]
    Involvement.objects.get_or_create(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        post=post,
        role=role,
        defaults={"since": now, "is_outside": not inside.filter(pk=subject.pk).exists()},
    )


def end_involvement(*, subject: models.Model, post: Post, role: str, now: dt.datetime) -> None:
    """Let `post` no longer reach `subject` by `role`; the row stays as history."""
    Involvement.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        post=post,
        role=role,
        until=None,
    ).update(until=now)


def appoint(
    *,
    post: Post,
    user: User,
    since: dt.date,
    until: dt.date | None,
    actor: Any,
    acting_post: Any,
    now: dt.datetime,
) -> Holding:
    """Give `post` to `user` for a half-open span of local dates; the database refuses a second holder."""
    holding = Holding.objects.create(post=post, user=user, span=(since, until))
    record(
        post,
        "appointed",
        actor=actor,
        acting_post=acting_post,
        now=now,
        data={"user": user.pk, "since": since, "until": until},
    )
    return holding


def substitute(
    *,
    post: Post,
    user: User,
    since: dt.date,
    until: dt.date | None,
    actor: Any,
    acting_post: Any,
    now: dt.datetime,
) -> Substitution:
    """Let `user` stand in for the holder of `post` for a half-open span of local dates."""
    row = Substitution.objects.create(post=post, user=user, span=(since, until))
    record(
        post,
        "substituted",
        actor=actor,
        acting_post=acting_post,
        now=now,
        data={"user": user.pk, "since": since, "until": until},
    )
    return row
