"""The map's layers of hazards count what their lists show, for each reader."""

import datetime as dt

import pytest
from django.test import Client

from hazards.choices import State
from safegrid.grid.models import District
from safegrid.grid.sockets import map_layers
from tests.factories import HazardFactory

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("code", ["overdue", "open", "major"])
@pytest.mark.parametrize("who", ["bureau", "chengdong", "chengxi"])
def test_every_number_on_the_map_is_that_of_the_list_it_opens(cast, now, who, code):
    city = cast.city
    for site in (city.hotel, city.shop, city.school):
        HazardFactory(site=site, state=State.RECTIFYING, due_at=now - DAY)
        HazardFactory(site=site, state=State.RECTIFYING, due_at=now + DAY, grade="major", major_basis="x")
        HazardFactory(site=site, state=State.CLOSED, closed_at=now, days_late=0)
    layer, user = map_layers[code], getattr(cast, who)
    client = Client()
    client.force_login(user)
    counts = dict(layer.counts(user, "district"))
    assert sum(counts.values()) == {"bureau": 3, "chengdong": 2, "chengxi": 1}[who] * (
        2 if code == "open" else 1
    )
    for place, number in counts.items():
        address = layer.url("district", District.objects.get(pk=place).code)
        rows = b"".join(client.get(f"{address}&format=csv").streaming_content).decode("utf-8-sig")
        assert len(rows.strip().splitlines()) - 1 == number
