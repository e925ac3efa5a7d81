"""States of what a unit is asked to answer."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ReplyState(models.TextChoices):
    """How far an answer is."""

    OPEN = "open", pgettext_lazy("reply", "To be answered")
    ANSWERED = "answered", pgettext_lazy("reply", "Answered")
    ACCEPTED = "accepted", pgettext_lazy("reply", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("reply", "Withdrawn")


TONES = {
    ReplyState.OPEN: "warn",
    ReplyState.ANSWERED: "info",
    ReplyState.ACCEPTED: "good",
    ReplyState.WITHDRAWN: "neutral",
}
