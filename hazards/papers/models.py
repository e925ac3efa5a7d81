"""A paper about hazards of one enterprise, and which hazards stand in it.

What was issued is its `Document`, which the database refuses to change. A paper is read by whoever sees every
hazard in it: it tells of all of them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hazards.papers.choices import ONCE, PaperKind
from responsibility.documents.models import Document
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Unit

TEXT_LENGTH = 2000  # characters below the table
ITEM_LENGTH = 500  # characters about one hazard, in the table


class HazardPaperQuerySet(models.QuerySet["HazardPaper"]):
    """The way to papers: through all the hazards that stand in them."""

    def visible_to(self, user: Any) -> HazardPaperQuerySet:
        """Return the papers in which no hazard stands that `user` does not see."""
        hazards: Any = PaperHazard._meta.get_field("hazard").related_model
        seen = hazards.objects.visible_to(user)
        items = PaperHazard.objects.filter(paper=OuterRef("pk"))
        return self.filter(Exists(items), ~Exists(items.exclude(hazard__in=seen.order_by().values("pk"))))


class HazardPaper(models.Model):
    """A paper that a body issued to an enterprise about one or more of its hazards."""

    token = models.UUIDField(unique=True)  # of the form: sent twice, it is one paper
    kind = models.CharField(_("kind"), max_length=24, choices=PaperKind)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.TextField(_("text"), blank=True)  # what was typed beside the table
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_as = models.ForeignKey(Post, models.PROTECT, related_name="+")

    objects = HazardPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper about hazards")
        verbose_name_plural = _("papers about hazards")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.document.number if self.document else str(self.token)


class PaperHazard(models.Model):
    """A hazard in a paper, with what was typed about it."""

    paper = models.ForeignKey(HazardPaper, models.CASCADE, related_name="items")
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=24, choices=PaperKind)
    round = models.PositiveSmallIntegerField()  # of rectification
    text = models.TextField(blank=True)
    is_replaced = models.BooleanField(default=False)  # another paper corrects this one

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "hazard"], name="paperhazard_once"),
            models.UniqueConstraint(
                fields=["hazard", "kind", "round"],
                condition=Q(is_replaced=False, kind__in=ONCE),
                name="paperhazard_one_that_holds",
            ),
        ]
