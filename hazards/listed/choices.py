"""Closed lists of listed supervision."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ListingLevel(models.TextChoices):
    """The level at which a hazard is listed."""

    DISTRICT = "district", pgettext_lazy("listing", "District")
    CITY = "city", pgettext_lazy("listing", "City")
    PROVINCE = "province", pgettext_lazy("listing", "Province")


class ListingState(models.TextChoices):
    """States of a listing; the ways between them are in hazards.listed.lifecycle."""

    LISTED = "listed", pgettext_lazy("listing", "Listed")
    ASKED = "asked", _("Delisting asked for")
    CHECKED = "checked", pgettext_lazy("listing", "Checked")
    ACCEPTED = "accepted", pgettext_lazy("listing", "Accepted")
    DELISTED = "delisted", _("Delisted")
    CONFIRMED = "confirmed", _("Delisted and spot-checked")
    RELISTED = "relisted", _("Listed again")
    RAISED = "raised", _("Taken over by a higher level")
    WITHDRAWN = "withdrawn", pgettext_lazy("listing", "Withdrawn")


#: While a hazard stands on the list.
OPEN = (ListingState.LISTED, ListingState.ASKED, ListingState.CHECKED, ListingState.ACCEPTED)
#: What was approved: off the list on a day.
DELISTED = (ListingState.DELISTED, ListingState.CONFIRMED, ListingState.RELISTED)
#: While somebody still owes something of it: a delisted one its spot check.
WATCHED = (*OPEN, ListingState.DELISTED)

TONES = {
    ListingState.LISTED: "warn",
    ListingState.ASKED: "info",
    ListingState.CHECKED: "info",
    ListingState.ACCEPTED: "info",
    ListingState.DELISTED: "good",
    ListingState.CONFIRMED: "good",
    ListingState.RELISTED: "bad",
    ListingState.RAISED: "neutral",
    ListingState.WITHDRAWN: "neutral",
}


class Owed(models.TextChoices):
    """What a listing asks of somebody by a day: kinds of obligation, about the hazard."""

    REPORT = "listed_report", _("Progress report")
    DELIST = "listed_delist", _("Request for delisting")
    CHECK = "listed_check", _("Check before delisting")
    ACCEPT = "listed_accept", _("Acceptance before delisting")
    APPROVE = "listed_approve", _("Decision on delisting")
    SPOT = "listed_spot", _("Spot check after delisting")
