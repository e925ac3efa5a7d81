"""The named cast reaches what it is said to reach: every other test stands on this."""

import pytest

from safegrid.accounts.models import User
from safegrid.grid.models import Enterprise, Site

REACH = {
    "bureau": {"hotel", "warehouse", "shop", "school"},
    "auditor": {"hotel", "warehouse", "shop", "school"},
    "chengdong": {"hotel", "warehouse", "shop"},
    "inspector": {"hotel", "warehouse", "shop"},
    "inspector2": {"hotel", "warehouse", "shop"},
    "gridofficer": {"hotel", "shop"},
    "fire": {"hotel", "school"},
    "gas": {"shop"},
    "enterprise": {"hotel", "warehouse"},
    "principal": {"hotel", "warehouse"},
    "rival": {"shop"},
    "chengxi": {"school"},
    "admin": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("username", REACH)
def test_each_person_reaches_exactly_their_sites(cast, username):
    user = User.objects.get(username=username)
    wanted = {getattr(cast.city, name) for name in REACH[username]}
    assert set(Site.objects.visible_to(user)) == wanted
    assert set(Enterprise.objects.visible_to(user)) == {site.enterprise for site in wanted}


@pytest.mark.parametrize("username", REACH)
def test_reading_does_not_allow_acting(cast, username):
    user = User.objects.get(username=username)
    wanted = set() if username == "auditor" else {getattr(cast.city, n) for n in REACH[username]}
    assert set(Site.objects.editable_by(user)) == wanted
