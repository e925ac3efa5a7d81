"""The people of an enterprise, as far as safety goes: who they are there, from when until when."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import StaffRole
from responsibility.enterprise_line.models.reach import OF_ENTERPRISE, OfEnterpriseQuerySet
from safegrid.grid.models import Enterprise


class StaffQuerySet(OfEnterpriseQuerySet["Staff"]):
    """People by whether they are still there."""

    def present(self) -> StaffQuerySet:
        """Return those who have not left."""
        return self.filter(left_on=None)


class Staff(models.Model):
    """A person who works for an enterprise. A name and a role, and nothing else about them."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, entered once
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="staff")
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=20, choices=StaffRole)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)  # the first day without them
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="staff"
    )

    scope = OF_ENTERPRISE
    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the staff")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="staff_joined_before_leaving"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "user"], condition=Q(left_on=None), name="staff_account_once"
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "name", "id"], name="staff_of_enterprise")]

    def __str__(self) -> str:
        return self.name
