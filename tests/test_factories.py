"""Every factory writes a row that the database accepts."""

import inspect
import uuid

import pytest
from factory.django import DjangoModelFactory

from tests import factories

EVERY = [
    each
    for _, each in inspect.getmembers(factories, inspect.isclass)
    if issubclass(each, DjangoModelFactory) and not each._meta.abstract
]
NEEDS = {
    "PostScopeFactory": lambda: {"district": factories.DistrictFactory()},
    "HazardCategoryFactory": lambda: {"code": uuid.uuid4().hex},  # one code is made once
    "InvolvementFactory": lambda: {"subject": factories.HazardFactory()},
}


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.__name__)
def test_two_of_each_can_be_made(db, each):
    needs = NEEDS.get(each.__name__, dict)
    made = [each(**needs()), each(**needs())]
    assert each._meta.model.objects.filter(pk__in=[row.pk for row in made]).count() == 2
