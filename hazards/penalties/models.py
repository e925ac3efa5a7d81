"""A penalty as a body decided it. What was entered stays; a correction stands beside it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hazards.penalties.choices import PenaltyKind
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Matter, Site, Unit
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec

STANDS = Q(replaced_at=None, is_void=False)


class PenaltyQuerySet(ScopedQuerySet["Penalty"]):
    """Penalties by whether they stand."""

    def standing(self) -> PenaltyQuerySet:
        """Return those that count: neither replaced by a correction nor annulled."""
        return self.filter(STANDS)


class Penalty(Placed):
    """One penalty of a decision (行政处罚决定书), about a hazard or a site.

    A decision with two kinds of penalty is two rows with one number. A row that is corrected is marked
    replaced, and never changed otherwise; the one that replaces it says why, and may say that it does not
    stand.
    """

    token = models.UUIDField(default=uuid.uuid4)  # of the form: sent twice, entered once
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, related_name="penalties")
    visit_number = models.CharField(_("number of the visit"), max_length=20, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="penalties", db_index=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="penalties")
    matter = models.ForeignKey(
        Matter, models.PROTECT, related_name="+", verbose_name=_("matter"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="penalties", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=PenaltyKind)
    law = models.CharField(_("law"), max_length=60)
    article = models.CharField(_("article"), max_length=60)
    #: Whether the decision rests on the Work Safety Law; only such ones count for its Art. 113.
    is_of_law = models.BooleanField(_("by the Work Safety Law"), default=True)
    amount = models.DecimalField(_("amount, yuan"), max_digits=14, decimal_places=2, null=True)
    decided_on = models.DateField(_("decided"))
    document = models.CharField(_("document"), max_length=60)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    entered_post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)

    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")  # as first entered
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(_("why it is corrected"), max_length=300, blank=True)
    is_void = models.BooleanField(_("does not stand"), default=False)
    replaced_at = models.DateTimeField(null=True)

    scope = ScopeSpec(
        place="", matter="matter_id", enterprise="enterprise_id", unit="unit_id", involvement=True
    )
    objects = PenaltyQuerySet.as_manager()

    class Meta:
        verbose_name = _("penalty")
        verbose_name_plural = _("penalties")
        constraints = [
            models.UniqueConstraint(fields=["token"], name="penalty_form_once"),
            # One decision is entered once, each kind in it once.
            models.UniqueConstraint(
                fields=["unit", "document", "kind"], condition=STANDS, name="penalty_decision_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="fine", amount__isnull=False, amount__gt=0)
                | (~Q(kind="fine") & Q(amount=None)),
                name="penalty_only_a_fine_has_an_amount",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(article="") & ~Q(law=""),
                name="penalty_has_document_and_article",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, origin=None, is_void=False)
                | (Q(replaces__isnull=False, origin__isnull=False) & ~Q(reason="")),
                name="penalty_corrected_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_on", "-id"], name="penalty_by_day"),
            models.Index(fields=["enterprise", "-decided_on", "-id"], name="penalty_of_enterprise"),
            models.Index(fields=["district", "-decided_on", "-id"], name="penalty_in_district"),
            models.Index(fields=["unit", "-decided_on", "-id"], name="penalty_of_unit"),
        ]

    def __str__(self) -> str:
        return self.document

    @property
    def stands(self) -> bool:
        """Whether it counts: neither replaced nor annulled; agrees with `standing()`."""
        return self.replaced_at is None and not self.is_void

    @property
    def first_id(self) -> int:
        """The id under which it was first entered, whatever was corrected since."""
        return self.origin_id or self.pk
