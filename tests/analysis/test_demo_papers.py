"""The demo city's documents: of each kind one at least, and one that was corrected."""

from collections import Counter

from analysis.demo.papers import issue_papers
from hazards.choices import Grade
from hazards.papers.choices import PaperKind
from hazards.papers.models import HazardPaper
from responsibility.documents.models import Document
from tests.hazards.conftest import Play


def test_each_kind_is_issued_and_one_is_corrected(cast, policies, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    play = Play(cast, now)
    play.ordered()
    play.ordered()
    play.act(play.rectified(), "accept", "inspector")
    play.ordered(grade=Grade.MAJOR)
    issue_papers(now=now)
    kinds = Counter(HazardPaper.objects.values_list("kind", flat=True))
    assert kinds == {PaperKind.ORDER: 3, PaperKind.OPINION: 1, PaperKind.MEASURES: 1, PaperKind.LISTING: 1}
    assert Document.objects.exclude(corrects=None).count() == 1
