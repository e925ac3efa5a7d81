"""The cast's bodies promise: the district to the city, a township to the district, the hotel to it."""

import datetime as dt

import pytest
import time_machine

from responsibility.statements.choices import StatementLevel
from responsibility.statements.issuing import issue
from responsibility.statements.models import Statement, StatementTemplate
from responsibility.statements.signing import act
from safegrid.accounts.choices import PostKind
from safegrid.grid.choices import UnitKind
from tests import factories as make

DISTRICT, MEMBER = StatementLevel.DISTRICT, StatementLevel.MEMBER
TOWNSHIP, ENTERPRISE = StatementLevel.TOWNSHIP, StatementLevel.ENTERPRISE


def principal_of(enterprise, **person):
    """Let somebody hold the principal's post of an enterprise, made anew, and return the post."""
    return make.PostFactory(kind=PostKind.PRINCIPAL, enterprise=enterprise, holder=make.UserFactory(**person))


@pytest.fixture
def town(cast):
    """The township's government, with a head who acts over it."""
    unit = make.UnitFactory(
        name="东关大街街道办事处",
        name_en="Dongguan Office",
        kind=UnitKind.GOVERNMENT,
        district=cast.city.township,
    )
    head = make.UserFactory(username="town", name="街道")
    post = make.PostFactory(kind=PostKind.HEAD, unit=unit, holder=head)
    make.PostScopeFactory(post=post, district=cast.city.township, acting=True)
    cast.posts["town"] = post
    return head


@pytest.fixture
def by(cast, town, now):
    """Return who acts as what, for a service: `by("bureau")`."""

    def who(name, at=None):
        user = town if name == "town" else getattr(cast, name)
        return {
            "actor": type(user).objects.get(pk=user.pk),
            "acting_post": cast.posts[name],
            "now": at or now,
        }

    return who


@pytest.fixture
def issued(by, policies):
    """Issue a level as somebody, and return the statements by the body's name."""

    def go(level, name="bureau", **more):
        template = StatementTemplate.objects.filter(year=2026, level=level).order_by("-version")[0]
        issue(template=template, **by(name, **more))
        return {row.body: row for row in Statement.objects.filter(level=level)}

    return go


@pytest.fixture
def sign(by):
    """Sign a statement as somebody, on the side of `action`."""

    def go(statement, name, action="promise", **more):
        return act(statement=statement, action=action, seen=statement.sha256, **by(name, **more))

    return go


@pytest.fixture
def signed(issued, sign):
    """The statement of 城东区, in force."""
    row = issued(DISTRICT)["城东区人民政府"]
    sign(row, "chengdong")
    return sign(row, "bureau", "receive")


@pytest.fixture
def hotel(issued, sign):
    """The hotel's statement, in force."""
    row = issued(ENTERPRISE, "town")["青海恒盛商贸有限公司"]
    sign(row, "principal")
    return sign(row, "town", "receive")


@pytest.fixture
def january():
    """A day of the next year, on which every quarter of 2026 is over."""
    instant = dt.datetime(2027, 1, 5, 2, 0, tzinfo=dt.UTC)
    with time_machine.travel(instant, tick=False):
        yield instant
