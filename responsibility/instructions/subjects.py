"""What a leader's note can stand on: rows of any floor, each with how it is named and where it stands.

An upper floor plugs its model in; `?about=hazard:12` then leads to the form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import override

from responsibility.coverage.models import Finding
from responsibility.coverage.owing import where
from responsibility.enterprise_line.models import Credential
from responsibility.guidance.models import Notice
from responsibility.instructions.queries import may_instruct
from responsibility.leaders.models import Leader
from responsibility.letters.models import UnitLetter
from responsibility.statements.models import Statement
from responsibility.transfers.models import Transfer
from safegrid.accounts.models import Post
from safegrid.grid.models import Matter, Site
from safegrid.kernel.sockets import Socket


@dataclass(frozen=True)
class Subject:
    """One kind of row that an instruction can be about."""

    model: type[models.Model]
    name: Callable[[Any], tuple[str, str]]  # in Chinese and in English, as the units read it
    url: Callable[[Any], str]
    site: Callable[[Any], Site | None] = lambda row: None
    matter: Callable[[Any], Matter | None] = lambda row: None
    related: tuple[str, ...] = ()  # what is read along


subjects: Socket[Subject] = Socket("subjects of instructions")


def mark(row: models.Model) -> str:
    """Return how an address names `row`: "hazard:12". Raise KeyError for a model that is no subject."""
    return f"{_name_of(type(row))}:{row.pk}"


def note_url(row: models.Model, post: Post | None) -> str:
    """Return where `post` writes an instruction about `row`; "" for whoever gives none."""
    return f"{reverse('responsibility:instruction_new')}?about={mark(row)}" if may_instruct(post) else ""


def _name_of(model: type[models.Model]) -> str:
    return next(name for name, subject in subjects.items() if subject.model is model)


def find(text: str, user: Any, post: Post | None = None) -> models.Model | None:
    """Return the row that `text` names if `user` sees it (as `post`: if it may act on it), else None."""
    name, _colon, pk = text.partition(":")
    if name not in subjects or not pk.isascii() or not pk.isdecimal() or len(pk) > 18:
        return None
    subject = subjects[name]
    manager: Any = subject.model._default_manager
    rows = manager.visible_to(user) if post is None else manager.editable_by(user, post)
    return rows.select_related(*subject.related).filter(pk=int(pk)).first()


def subject_of(row: models.Model) -> Subject:
    """Return how rows of this model are named."""
    return subjects[_name_of(type(row))]


def seen(subject_type: ContentType | None, subject_id: int | None, user: Any) -> str:
    """Return the address of a subject if `user` sees it; empty if not."""
    model = subject_type.model_class() if subject_type is not None else None
    if model is None or subject_id is None:
        return ""
    row = find(f"{_name_of(model)}:{subject_id}", user)
    return subject_of(row).url(row) if row is not None else ""


def _site_url(site: Site) -> str:
    return f"{reverse('grid:enterprise', args=[site.enterprise_id])}?site={site.pk}"


def _certificate_name(row: Credential) -> tuple[str, str]:
    """Return a certificate's kind and number and whose it is; the name of a person stays on its page."""
    names = {"zh-hans": row.enterprise.name, "en": row.enterprise.name_en or row.enterprise.name}
    found = []
    for language, name in names.items():
        with override(language):
            found.append(f"{row.get_kind_display()} {row.number} · {name}")
    return found[0], found[1]


subjects.plug(
    "site",
    Subject(
        Site,
        name=lambda site: (
            site.name,
            site.name if site.name != site.enterprise.name else site.enterprise.name_en or site.name,
        ),
        url=_site_url,
        site=lambda site: site,
        related=("enterprise",),
    ),
)
subjects.plug(
    "finding",
    Subject(
        Finding,
        name=where,
        url=lambda finding: reverse("responsibility:finding", args=[finding.pk]),
        matter=lambda finding: finding.matter,
        related=("matter", "industry", "post"),
    ),
)
subjects.plug(
    "transfer",
    Subject(
        Transfer,
        name=lambda transfer: (transfer.name, transfer.name_en or transfer.name),
        url=lambda transfer: reverse("responsibility:transfer", args=[transfer.pk]),
        site=lambda transfer: transfer.site,
        matter=lambda transfer: transfer.matter,
        related=("site__enterprise", "matter"),
    ),
)
subjects.plug(
    "statement",
    Subject(
        Statement,
        name=lambda statement: (
            f"{statement.body} {statement.title}",
            f"{statement.body_en or statement.body} {statement.title}",
        ),
        url=lambda statement: reverse("responsibility:statement", args=[statement.pk]),
        site=lambda statement: statement.site,
        related=("site__enterprise",),
    ),
)
subjects.plug(
    "certificate",
    Subject(
        Credential,
        name=_certificate_name,
        url=lambda row: reverse("responsibility:own_credential", args=[row.pk]),
        related=("enterprise",),
    ),
)
subjects.plug(
    "notice",
    Subject(
        Notice,
        name=lambda notice: (notice.title, notice.title),
        url=lambda notice: reverse("responsibility:guidance_notice", args=[notice.pk]),
    ),
)
subjects.plug(
    "letter",
    Subject(
        UnitLetter,
        name=lambda letter: (
            f"{letter.number} · {letter.unit.name}",
            f"{letter.number} · {letter.unit.name_en or letter.unit.name}",
        ),
        url=lambda letter: reverse("responsibility:letter", args=[letter.pk]),
        related=("unit",),
    ),
)
subjects.plug(
    "leader",
    Subject(
        Leader,
        name=lambda leader: (leader.post.title, leader.post.title_en or leader.post.title),
        url=lambda leader: reverse("responsibility:leader", args=[leader.post_id]),
        related=("post",),
    ),
)
