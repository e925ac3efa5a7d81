"""Papers on the hazard's page: shown before they are issued, read by whoever sees every hazard in them."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.papers.choices import PaperKind
from hazards.papers.models import HazardPaper
from responsibility.documents.models import Document, DocumentCounter
from safegrid.accounts.models import User
from tests.leaks import ANONYMOUS, VISITORS


def person(username):
    return User.objects.get(username=username)


def new_url(*hazards, kind=PaperKind.ORDER):
    return f"/hazards/papers/{kind.value}/new/?" + "&".join(f"hazard={hazard.number}" for hazard in hazards)


def sent(page, **changes):
    """The fields of the form on a page, as a browser sends them."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    areas = re.findall(r'<textarea name="(\w+)".*?>\n?(.*?)</textarea>', page, re.DOTALL)
    return (
        {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}
        | dict(areas)
        | changes
    )


def test_a_paper_is_typed_shown_and_issued(play, client):
    hazard = play.ordered()
    client.force_login(play.cast.inspector)
    assert new_url(hazard) in client.get(f"/hazards/{hazard.number}/").text.replace("&amp;", "&")
    form = client.get(new_url(hazard)).text
    shown = client.post(new_url(hazard), sent(form)).text
    assert "责改〔2026〕　号" in shown
    assert "清理通道" in shown
    assert not DocumentCounter.objects.exists()  # nothing was taken by looking
    back = client.post(new_url(hazard), sent(shown, again="1")).text
    assert "清理通道" in back
    answer = client.post(new_url(hazard), sent(shown, sure="1"), follow=True)
    number = Document.objects.get().number
    assert f"Issued as {number}." in answer.text
    again = client.post(new_url(hazard), sent(shown, sure="1"), follow=True)  # the button pressed twice
    assert f"Issued as {number}." in again.text
    assert Document.objects.count() == 1


def test_what_was_typed_stays_when_something_is_missing(play, client):
    hazard = play.ordered()
    client.force_login(play.cast.inspector)
    form = sent(client.get(new_url(hazard)).text, text="补充说明")
    answer = client.post(new_url(hazard), form | {f"text_{hazard.pk}": " "})
    assert answer.status_code == 422
    assert "补充说明" in answer.text


def test_others_of_the_enterprise_are_taken_into_the_same_order(play, client):
    one, other, third = (play.ordered() for _ in range(3))
    client.force_login(play.cast.inspector)
    page = client.get(new_url(one)).text
    assert [number for number in (other.number, third.number) if f'value="{number}"' in page] == [
        other.number,
        third.number,
    ]
    both = new_url(one, other)
    shown = client.post(both, sent(client.get(both).text)).text
    client.post(both, sent(shown, sure="1"))
    assert set(HazardPaper.objects.get().items.values_list("hazard", flat=True)) == {one.pk, other.pk}


def test_what_cannot_be_issued_is_greyed_with_the_reason(play, client):
    hazard = play.ordered()
    client.force_login(play.cast.inspector)
    page = client.get(f"/hazards/{hazard.number}/").text
    assert "it was not re-inspected yet" in page
    answer = client.get(new_url(hazard, kind=PaperKind.OPINION), follow=True)
    assert "it was not re-inspected yet" in answer.text
    client.force_login(play.cast.enterprise)
    assert "Issue a document" not in client.get(f"/hazards/{hazard.number}/").text
    assert client.get(new_url(hazard)).status_code == 403


def test_a_correction_shows_both_papers(play, issue, client):
    hazard = play.ordered()
    paper = issue(hazard)
    client.force_login(play.cast.inspector)
    url = f"/hazards/papers/{paper.pk}/correct/"
    shown = client.post(url, sent(client.get(url).text, **{f"text_{hazard.pk}": "拆除隔断"})).text
    assert f"本件更正{paper.document.number}" in shown
    client.post(url, sent(shown, sure="1"))
    page = client.get(f"/hazards/{hazard.number}/").text
    last = Document.objects.order_by("pk").last()
    assert f"Replaced by {last.number}" in page
    assert len(re.findall(r"/papers/\d+/correct/", page)) == 1  # the newer one's


def test_papers_are_read_by_whoever_sees_every_hazard_in_them(play, issue, client):
    city = play.cast.city
    fire, general = play.ordered(), play.ordered()
    fire.matter = city.fire
    fire.save(update_fields=["matter"])
    alone, together = issue(fire), issue(fire, general, kind=PaperKind.MEASURES)
    wanted = {
        "bureau": {alone, together},
        "auditor": {alone, together},
        "chengdong": {alone, together},
        "gridofficer": {alone, together},
        "fire": {alone},
        "enterprise": {alone, together},
    }
    for username in VISITORS:
        user = person(username)
        readable = wanted.get(username, set())
        assert set(HazardPaper.objects.visible_to(user)) == readable, username
        client.force_login(user)
        for paper in (alone, together):
            document = paper.document
            status = 200 if paper in readable else 404
            for form in ("", "pdf/"):
                url = f"/responsibility/documents/{document.pk}/{form}"
                assert client.get(url).status_code == status, (username, url)
    assert not HazardPaper.objects.visible_to(ANONYMOUS).exists()
    client.force_login(play.cast.fire)
    page = client.get(f"/hazards/{fire.number}/").text
    assert "Other hazards stand in it that you do not see." in page
    client.force_login(play.cast.rival)
    assert client.get(new_url(fire)).status_code == 404
    assert client.get(f"/hazards/papers/{alone.pk}/correct/").status_code == 404


def test_who_chooses_nothing_is_led_back_and_what_is_not_there_is_no_page(play, client):
    enterprise = play.cast.city.enterprise
    client.force_login(play.cast.inspector)
    order = "/hazards/papers/rectification_order/new/"
    back = client.get(f"{order}?enterprise={enterprise.pk}", follow=True)
    assert back.redirect_chain == [(f"/hazards/papers/of/{enterprise.pk}/", 302)]
    assert "Choose at least one hazard." in back.text
    assert client.get(f"{order}?hazard=").url == "/hazards/"
    assert client.get(f"{order}?hazard=none").status_code == 404
    assert client.get(f"/hazards/papers/poem/new/?hazard={play.ordered().number}").status_code == 404


def test_the_hazards_page_costs_the_same_with_many_papers(play, issue, client):
    hazard = play.ordered()
    client.force_login(play.cast.inspector)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/hazards/{hazard.number}/")
        return len(queries)

    issue(hazard, kind=PaperKind.MEASURES)
    cost()
    few = cost()
    for _ in range(4):
        issue(hazard, kind=PaperKind.MEASURES)
    assert cost() == few


def test_the_form_costs_the_same_with_many_that_could_stand_in_it(play, client):
    hazard = play.ordered()
    enterprise = play.cast.city.enterprise
    client.force_login(play.cast.inspector)

    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    urls = [new_url(hazard), f"/hazards/papers/of/{enterprise.pk}/", f"/hazards/{hazard.number}/"]
    play.ordered()
    for url in urls:
        cost(url)
    few = [cost(url) for url in urls]
    for _ in range(4):
        play.ordered()
    assert [cost(url) for url in urls] == few


def test_from_the_list_of_an_enterprise_several_are_picked_for_one_order(play, issue, client):
    enterprise = play.cast.city.enterprise
    waiting, done, self_found = play.ordered(), play.ordered(), play.own()
    issue(done)
    listed = f"/hazards/?enterprise={enterprise.pk}"
    pick = f"/hazards/papers/of/{enterprise.pk}/"
    client.force_login(play.cast.inspector)
    assert pick in client.get(listed).text
    assert pick not in client.get("/hazards/").text
    page = client.get(pick).text
    assert re.findall(r'name="hazard" value="([^"]+)"', page) == [waiting.number]
    assert self_found.number not in page
    client.force_login(play.cast.bureau)  # the committee office orders nothing
    assert pick not in client.get(listed).text
    assert client.get(pick).status_code == 403
    client.force_login(play.cast.rival)
    assert client.get(pick).status_code == 404
