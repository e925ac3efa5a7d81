"""Papers about hazards of the hotel, issued by the bureau of the inspectors."""

import uuid

import pytest

from hazards.papers.choices import PaperKind
from hazards.papers.services import issue_paper


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def issue(play):
    """Issue a paper about hazards as somebody."""

    def one(*hazards, kind=PaperKind.ORDER, by="inspector", **changes):
        fields = {
            "token": uuid.uuid4(),
            "kind": kind,
            "hazards": hazards,
            "texts": {hazard.pk: "清理通道" for hazard in hazards},
            "actor": play.person(by),
            "acting_post": play.posts[by],
            "now": play.now,
        }
        return issue_paper(**fields | changes)

    return one
