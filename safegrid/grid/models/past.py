"""Where a site stood before it moved, or before its places were reorganised."""

from django.db import models

from safegrid.grid.models.enterprises import Site


class PastPlace(models.Model):
    """The place columns that a site had until a day. A trigger writes it, whoever changes the site."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="past_places", db_index=False)
    district_id = models.BigIntegerField(null=True)
    township_id = models.BigIntegerField(null=True)
    community_id = models.BigIntegerField(null=True)
    cell_id = models.BigIntegerField(null=True)
    until = models.DateField()  # the local day from which it stood elsewhere

    class Meta:
        indexes = [models.Index(fields=["site", "until"], name="grid_past_place_of_site")]
