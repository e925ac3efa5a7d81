"""Closed lists of people and posts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PostKind(models.TextChoices):
    """What a post is there for; the lifecycle's roles are told from it."""

    HEAD = "head", _("Head")
    OFFICE = "office", _("Safety committee office")
    SUPERVISOR = "supervisor", _("Supervisor of a member unit")
    OFFICER = "officer", _("Certified enforcement officer")
    GRID_OFFICER = "grid_officer", _("Grid officer")
    PRINCIPAL = "principal", _("Principal")
    SAFETY_OFFICER = "safety_officer", _("Safety officer")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


ENTERPRISE_POSTS = (PostKind.PRINCIPAL, PostKind.SAFETY_OFFICER)


class CertificateKind(models.TextChoices):
    """Certificates of people."""

    ENFORCEMENT = "enforcement", _("Administrative enforcement certificate")
    SAFETY_MANAGER = "safety_manager", _("Safety manager's certificate")
