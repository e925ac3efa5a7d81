"""Enterprises and their sites. The supervised object is the site."""

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Datum, EnterpriseStatus, MatterOrigin, NoUscc, RiskGrade, Size
from safegrid.grid.models.matters import Industry, Matter
from safegrid.kernel.dbfuncs import Int8Point
from safegrid.kernel.findable import Findable
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec


class EnterpriseQuerySet(ScopedQuerySet["Enterprise"]):
    """An enterprise is reached by belonging to it, or through one of its sites."""

    def reached_by(self, reach: Any) -> Self:
        if reach.is_citywide:
            return self.all()
        sites = Site.objects.all().reached_by(reach).filter(enterprise=OuterRef("pk"))
        return self.filter(Q(pk__in=reach.enterprise_ids) | Exists(sites))

    def branches_for(self, user: Any) -> list[Self]:
        """Return one way: the sites' scope already decides."""
        return [self.visible_to(user)]


class Enterprise(Findable):
    """A legal entity or self-employed business. Its USCC is optional with a reason and never its identity."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    uscc = models.CharField(_("USCC"), max_length=18, null=True, blank=True)
    no_uscc_reason = models.CharField(_("why no USCC"), max_length=12, choices=NoUscc, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=EnterpriseStatus, default=EnterpriseStatus.OPERATING
    )
    size = models.CharField(_("size"), max_length=8, choices=Size, default=Size.SMALL)
    principal = models.CharField(_("principal"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("registered"))
    import_key = models.CharField(max_length=64, blank=True)  # what a repeated import recognises it by
    #: It was a second record of that one.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)

    scope = ScopeSpec(enterprise="pk")
    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=Q(uscc__isnull=False), name="grid_enterprise_uscc_once"
            ),
            models.UniqueConstraint(
                fields=["import_key"], condition=~Q(import_key=""), name="grid_enterprise_imported_once"
            ),
            models.CheckConstraint(
                condition=(Q(uscc__isnull=False) & Q(no_uscc_reason=""))
                | (Q(uscc__isnull=True) & ~Q(no_uscc_reason="")),
                name="grid_enterprise_uscc_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(uscc__isnull=True) | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                name="grid_enterprise_uscc_form",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | Q(status=EnterpriseStatus.CLOSED, uscc=None) & ~Q(merged_into=F("id")),
                name="grid_enterprise_merged_is_over",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="grid_enterprise_search"),
            models.Index(fields=["name", "id"], name="grid_enterprise_by_name"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="grid_enterprise_merged"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(Findable, Placed):
    """A place of business, project or premises: what is supervised.

    `matter_ids` holds the matters it has today and all their ancestors, kept by the service that
    writes `SiteMatter`, so that a scope over a matter subtree is one probe of an index.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="sites")
    name = models.CharField(_("site"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)  # degrees, WGS-84
    latitude = models.FloatField(_("latitude"), null=True, blank=True)  # degrees, WGS-84
    datum = models.CharField(_("position given in"), max_length=6, choices=Datum, default=Datum.WGS84)
    place_fixed = models.BooleanField(default=False)  # a person chose the place; positions no longer move it
    place_doubt = models.BooleanField(default=False)  # the position lies in another district than the address
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, verbose_name=_("industry"))
    features = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    risk = models.CharField(_("risk"), max_length=6, choices=RiskGrade, default=RiskGrade.BLUE)
    landlord = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="tenants", verbose_name=_("landlord")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=EnterpriseStatus, default=EnterpriseStatus.OPERATING
    )
    matter_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    created_at = models.DateTimeField(_("registered"))

    scope = ScopeSpec(place="", matter_array="matter_ids", enterprise="enterprise_id", involvement=True)
    objects = ScopedQuerySet["Site"].as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="grid_site_position_is_whole",
            ),
            models.CheckConstraint(condition=~Q(landlord=F("id")), name="grid_site_not_its_own_landlord"),
            models.UniqueConstraint(
                fields=["enterprise", "name", "address"], name="grid_site_once_in_enterprise"
            ),
        ]
        indexes = [
            GinIndex(fields=["matter_ids"], name="grid_site_by_matter"),
            GinIndex(fields=["search"], name="grid_site_search"),
            models.Index(fields=["name", "id"], name="grid_site_by_name"),
            models.Index(fields=["district", "name", "id"], name="grid_site_by_district"),
            models.Index(fields=["township", "name", "id"], name="grid_site_by_township"),
            models.Index(fields=["cell", "name", "id"], name="grid_site_by_cell"),
            models.Index(fields=["township", "id"], name="grid_site_newest_in_township"),
            models.Index(fields=["id"], condition=Q(district__isnull=True), name="grid_site_to_be_placed"),
            # A map's view is read from here alone, in a scope of places too.
            models.Index(
                fields=["longitude", "latitude"],
                include=["id", "risk", "district", "township", "cell"],
                name="grid_site_on_the_map",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_placed(self) -> bool:
        """Whether any place answers for it; what is not placed is where supervision leaks."""
        return self.district_id is not None


class SiteMatter(models.Model):
    """A site has a matter for a span of local dates."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="matters")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    span = DateRangeField()
    origin = models.CharField(max_length=10, choices=MatterOrigin)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="grid_sitematter_once_at_a_time",
                expressions=[
                    (Int8Point("site"), RangeOperators.OVERLAPS),
                    (Int8Point("matter"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]
