"""What COPY writes is what an insert would have written."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given, settings
from hypothesis import strategies as st

from safegrid.grid.choices import NoUscc, Outcome
from safegrid.grid.models import Enterprise, ImportJob, ImportRow, Site, SiteMatter
from safegrid.kernel.copying import Json, copy_create, copy_rows
from tests import factories as make

NOW = dt.datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=dt.UTC)
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@pytest.mark.django_db(transaction=True)
@settings(deadline=None, max_examples=40)
@given(name=text, pairs=st.lists(text.filter(lambda t: len(t) <= 2), max_size=5))
def test_any_text_survives(name, pairs):
    copied = Enterprise(
        name=name, no_uscc_reason=NoUscc.EXEMPT, created_at=NOW, search=pairs, principal="\\N"
    )
    copy_create(Enterprise, [copied])
    stored = Enterprise.objects.get(pk=copied.pk)
    assert (stored.name, stored.search, stored.principal) == (name, pairs, "\\N")
    assert (stored.created_at, stored.no_uscc_reason, stored.uscc) == (NOW, NoUscc.EXEMPT, None)


@pytest.mark.django_db
class TestCopying:
    def test_a_new_row_may_belong_to_one_saved_just_before_and_can_be_saved_again(self, city):
        enterprise = Enterprise(name="甲", no_uscc_reason=NoUscc.EXEMPT, created_at=NOW)
        site = Site(
            enterprise=enterprise,
            name="乙",
            created_at=NOW,
            longitude=101.123456,
            latitude=36.5,
            district=city.chengdong,
            matter_ids=[3, 1],
            features=["has_lift"],
            place_fixed=True,
        )
        copy_create(Enterprise, [enterprise])
        copy_create(Site, [site])
        assert site.enterprise_id == enterprise.pk
        site.name = "丙"
        site.save()
        stored = Site.objects.get(pk=site.pk)
        for name in ("name", "longitude", "district_id", "matter_ids", "features", "place_fixed", "cell_id"):
            assert getattr(stored, name) == getattr(site, name)
        later = Enterprise.objects.create(name="丁", no_uscc_reason=NoUscc.EXEMPT, created_at=NOW)
        assert later.pk > enterprise.pk

    def test_spans_and_json_are_written(self, city, cast):
        site = make.SiteFactory()
        columns = ("site_id", "matter_id", "span", "origin")
        copy_rows(SiteMatter, columns, [(site.pk, city.gas.pk, DateRange(NOW.date(), None), "hand")])
        row = SiteMatter.objects.get(site=site)
        assert (row.span.lower, row.span.upper, row.span.lower_inc) == (NOW.date(), None, True)
        job = ImportJob.objects.create(kind="x", created_by=cast.bureau, created_at=NOW)
        columns = ("job_id", "number", "outcome", "reason", "details", "cells")
        cells = ["a\tb", 'c"d', "{e}"]
        copy_rows(ImportRow, columns, [(job.pk, 1, Outcome.REJECTED, "", Json({"n": 1}), Json(cells))])
        stored = ImportRow.objects.get()
        assert (stored.details, stored.cells, stored.outcome) == ({"n": 1}, cells, "rejected")

    def test_what_a_constraint_refuses_is_an_integrity_error(self, city):
        wrong = Enterprise(name="甲", created_at=NOW)  # neither a code nor a reason
        with pytest.raises(IntegrityError), transaction.atomic():
            copy_create(Enterprise, [wrong])
        copy_rows(SiteMatter, ("site_id",), [])
