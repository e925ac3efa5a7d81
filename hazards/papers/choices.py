"""Kinds of papers about hazards. Each is a `DocumentKind` by the same code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    """What a body issues to an enterprise about its hazards."""

    ORDER = "rectification_order", _("Order to rectify within a time limit")  # 责令限期整改指令书
    MEASURES = "site_measures", _("Decision on on-the-spot measures")  # 现场处理措施决定书
    OPINION = "reinspection_opinion", _("Re-inspection opinion")  # 整改复查意见书
    LISTING = "listed_supervision", _("Notice of listed supervision")  # 挂牌督办通知书


#: A hazard stands in one of these for each round of its rectification; another one corrects it.
ONCE = (PaperKind.ORDER, PaperKind.OPINION)
