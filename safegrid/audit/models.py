"""The ledger's rows. A database trigger refuses to change or delete an entry or a seal."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChainHead(models.Model):
    """The end of one subject's chain. It is updated before an entry is written, in key order."""

    subject = models.CharField(max_length=80, primary_key=True)  # "hazards.hazard:123"
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)


class Entry(models.Model):
    """One thing that was done to one subject: who, as which post, when, what."""

    subject = models.CharField(max_length=80)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    acting_post = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=60)
    body = models.TextField()  # canonical text, exactly what was hashed
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(fields=["subject", "sequence"], name="audit_entry_in_chain")]
        indexes = [models.Index(fields=["actor", "at"], name="audit_entry_by_actor")]


class Seal(models.Model):
    """A fixed point: the hash over everything that no earlier seal covers. Its root can be published."""

    at = models.DateTimeField()
    count = models.PositiveBigIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)


class SealedEntry(models.Model):
    """Which seal covers an entry. Not a window of time: a late commit falls into the next seal."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="entries")
