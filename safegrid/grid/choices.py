"""Closed lists of the grid."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the district tree."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    TOWNSHIP = "township", _("Township or street")
    COMMUNITY = "community", _("Village or community")
    CELL = "cell", _("Grid cell")


class SuccessionKind(models.TextChoices):
    """How a place came out of another one."""

    RENAMED = "renamed", _("Renamed")
    RECODED = "recoded", _("New code")
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")


class Datum(models.TextChoices):
    """The datum a position was given in; WGS-84 is stored."""

    WGS84 = "wgs84", "WGS-84"
    GCJ02 = "gcj02", _("GCJ-02 (Amap, Tencent)")
    BD09 = "bd09", _("BD-09 (Baidu)")


class EnterpriseStatus(models.TextChoices):
    """Whether an enterprise is at work."""

    OPERATING = "operating", _("Operating")
    SUSPENDED = "suspended", _("Suspended")
    SEASONAL = "seasonal", _("Seasonal")
    CLOSED = "closed", _("Closed down")


class Size(models.TextChoices):
    """Size of an enterprise, as the statistics bureau divides them."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class RiskGrade(models.TextChoices):
    """Risk grade of a site: red, orange, yellow, blue (双重预防)."""

    RED = "red", _("Red: major risk")
    ORANGE = "orange", _("Orange: larger risk")
    YELLOW = "yellow", _("Yellow: general risk")
    BLUE = "blue", _("Blue: low risk")


class MatterOrigin(models.TextChoices):
    """Why a site has a matter."""

    INDUSTRY = "industry", _("From its industry")
    FEATURE = "feature", _("From its equipment")
    HAND = "hand", _("Set by hand")


class UnitKind(models.TextChoices):
    """What kind of body a unit is."""

    GOVERNMENT = "government", _("Government")
    OFFICE = "committee_office", _("Safety committee office")
    MEMBER = "member_unit", _("Member unit")
    PARTY = "party", _("Party body")


class NoUscc(models.TextChoices):
    """Why an enterprise has no unified social credit code."""

    UNLICENSED = "unlicensed", _("Operates without a licence")
    APPLYING = "applying", _("Licence applied for")
    EXEMPT = "exempt", _("Needs none (temporary stall, household)")
    UNKNOWN = "unknown", _("Not known yet")


class ImportState(models.TextChoices):
    """States of an import."""

    UPLOADED = "uploaded", _("Columns to be matched")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Outcome(models.TextChoices):
    """What became of a row of an imported file."""

    CREATED = "created", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REJECTED = "rejected", _("Rejected")
    SKIPPED = "skipped", _("Skipped")  # no row of the table: a total, a signature, a repetition
