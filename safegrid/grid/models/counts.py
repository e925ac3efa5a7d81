"""Counts that pages show: sums by place, matter, industry and day, and what is not yet added to them.

Ids stand without foreign keys: nothing is ever looked up from here, and a sum must not hold up a delete.
"""

from django.db import models


class Count(models.Model):
    """How many rows add to `measure` on `day`, in a place, of a matter or of an industry; 0 stands for all.

    Which combinations are kept is said in `safegrid.grid.counts.sql`. A measure that has no day in it
    stands on `EVER`.
    """

    pk = models.CompositePrimaryKey("place", "matter", "industry", "measure", "day")
    place = models.BigIntegerField()
    matter = models.BigIntegerField()
    industry = models.BigIntegerField()
    measure = models.CharField(max_length=40)
    day = models.DateField()
    n = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["measure"], condition=models.Q(n=0), name="grid_count_of_nothing")]


class CountDelta(models.Model):
    """What one statement added to a measure, written by a trigger in the transaction that did it."""

    measure = models.CharField(max_length=40)
    day = models.DateField()
    district = models.BigIntegerField(null=True)
    township = models.BigIntegerField(null=True)
    community = models.BigIntegerField(null=True)
    cell = models.BigIntegerField(null=True)
    matter = models.BigIntegerField(null=True)
    industry = models.BigIntegerField(null=True)
    n = models.BigIntegerField()
