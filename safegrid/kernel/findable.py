"""Rows that are found by the words they are known by, through an index of pairs of characters."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from safegrid.kernel.bigrams import bigrams, joined, normal

SHORTEST = 2  # characters; a Chinese word has two, and one alone stands in half of all rows


class Findable(models.Model):
    """A row with the words that it is found by, and their pairs for a GIN index on `search`.

    The index finds the rows that hold every pair; as those may stand in different places, the words
    themselves then have the last say.
    """

    search = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    search_text = models.TextField(default="", editable=False)

    class Meta:
        abstract = True

    def be_found_by(self, *texts: str | None) -> None:
        """Set the words that the row is found by. It is not saved."""
        self.search, self.search_text = bigrams(*texts), joined(*texts)


def found_by(text: str, path: str = "") -> Q:
    """Return the condition that `text` occurs in the words of the row at `path` ("site__"), or in its own.

    Less than two characters are no condition.
    """
    wanted = normal(text)
    if len(wanted) < SHORTEST:
        return Q()
    return Q(**{f"{path}search__contains": bigrams(text), f"{path}search_text__contains": wanted})
