"""Certificates of an enterprise's people, and its own of standardization."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import (
    CredentialKind,
    CredentialState,
    OperationField,
    StandardizationLevel,
)
from responsibility.enterprise_line.models.reach import OF_ENTERPRISE, OfEnterpriseQuerySet
from responsibility.enterprise_line.models.staff import Staff
from safegrid.grid.models import Enterprise


class CredentialQuerySet(OfEnterpriseQuerySet["Credential"]):
    """Certificates by whether they count."""

    def current(self) -> CredentialQuerySet:
        """Return those that count."""
        return self.filter(state=CredentialState.CURRENT)


class Credential(models.Model):
    """A certificate with its number, the days on which it is valid, and what is due next.

    `due_on` is the last day on which it is in order as it is: of the re-examination, or of its validity.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="credentials")
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind)
    field = models.CharField(_("field of work"), max_length=20, choices=OperationField, blank=True)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=StandardizationLevel.choices, null=True, blank=True
    )
    number = models.CharField(_("number"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))  # the last day
    reexamine_by = models.DateField(_("re-examination by"), null=True, blank=True)  # the next one
    reexamined_on = models.DateField(_("re-examined on"), null=True, blank=True)  # the last one
    due_on = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=8, choices=CredentialState, default=CredentialState.CURRENT
    )
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name=_("renews")
    )

    scope = OF_ENTERPRISE
    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="credential_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(reexamine_by=None)
                | Q(reexamine_by__gte=F("valid_from"), reexamine_by__lte=F("valid_until")),
                name="credential_reexamined_while_valid",
            ),
            models.CheckConstraint(
                condition=Q(due_on=Least("reexamine_by", "valid_until")), name="credential_due_is_the_first"
            ),
            models.CheckConstraint(
                condition=Q(kind=CredentialKind.STANDARDIZATION, holder=None, level__isnull=False)
                | (~Q(kind=CredentialKind.STANDARDIZATION) & Q(holder__isnull=False, level=None)),
                name="credential_of_a_person_or_a_level",
            ),
            models.CheckConstraint(
                condition=(Q(kind=CredentialKind.SPECIAL_OPERATION) & ~Q(field=""))
                | (~Q(kind=CredentialKind.SPECIAL_OPERATION) & Q(field="")),
                name="credential_field_of_an_operation",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind", "field", "number"],
                condition=Q(state="current"),
                name="credential_number_once",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(state="current", kind="standardization"),
                name="credential_one_standardization",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="credential_by_due"),
            models.Index(
                fields=["kind", "due_on"], condition=Q(state="current"), name="credential_falling_due"
            ),
            models.Index(fields=["enterprise", "due_on"], name="credential_of_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_person(self) -> bool:
        """Whether it is a person's and not the enterprise's own."""
        return self.kind != CredentialKind.STANDARDIZATION

    @property
    def is_reexamination(self) -> bool:
        """Whether what is due next is a re-examination and not a new certificate."""
        return self.reexamine_by is not None and self.reexamine_by < self.valid_until

    def is_expired(self, today: dt.date) -> bool:
        """Whether it is no longer in order on the local day `today`."""
        return self.due_on < today
