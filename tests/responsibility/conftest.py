"""Something owed: the hotel's rectification, ordered by the inspector, with a head above them."""

import datetime as dt
from collections.abc import Callable

import pytest

from responsibility.models import Alert, Obligation
from responsibility.obligations.services import open_obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.kernel import clock
from tests import factories as make


@pytest.fixture
def head(cast) -> User:
    """The head of the inspector's unit."""
    user = make.UserFactory(username="head")
    make.PostFactory(kind=PostKind.HEAD, unit=cast.city.emergency, holder=user)
    return user


@pytest.fixture
def fire_chief(cast) -> Post:
    """The head of the brigade: acts over the whole city, for fire alone."""
    user = make.UserFactory(username="fire_chief")
    post = make.PostFactory(kind=PostKind.HEAD, unit=cast.city.brigade, holder=user)
    make.PostScopeFactory(post=post, district=cast.city.city, matter=cast.city.fire, acting=True)
    return post


@pytest.fixture
def owe(cast, policies, head, now) -> Callable[..., Obligation]:
    """Open an obligation of the hotel's enterprise towards the inspector, due in `days`."""

    def open_one(days: int = 10, **changes) -> Obligation:
        site = changes.pop("site", cast.city.hotel)
        hazard = make.HazardFactory(site=site, matter=cast.city.general)
        fields = {
            "kind": "hazard_rectify",
            "subject": hazard,
            "site": site,
            "matter": cast.city.general,
            "debtor_enterprise": None if "debtor_post" in changes else site.enterprise,
            "creditor_post": cast.posts["inspector"],
            "due_at": clock.day_end(clock.local_date(now) + dt.timedelta(days=days)),
            "params": {"number": hazard.number, "title": hazard.title},
            "now": now,
        } | changes
        return open_obligation(**fields)

    return open_one


def told(**filters) -> set[tuple[int, str]]:
    """Who was told on which rung."""
    return set(Alert.objects.filter(**filters).values_list("rung", "holder__username"))
