"""Workers tell their own enterprise, by name or not; it owes an answer, and nobody outside sees any of it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hazards.choices import Road, Source, State
from hazards.models import Hazard
from hazards.reports import gates
from hazards.reports.choices import CodeKind
from hazards.reports.models import Report
from hazards.reports.workers.models import WorkerReport
from hazards.reports.workers.services import answer
from responsibility.alerts.models import Alert
from responsibility.alerts.sweep import sweep
from responsibility.models import Obligation
from responsibility.obligations.services import about
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.files.models import StoredFile
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make
from tests.files.photos import upload
from tests.hazards.reports.conftest import text_of

DAY = dt.timedelta(days=1)
OWN = ["enterprise", "principal"]
OTHERS = [
    "bureau",
    "chengdong",
    "inspector",
    "fire",
    "gridofficer",
    "auditor",
    "rival",
    "chengxi",
    "gas",
    "admin",
]


@pytest.fixture
def code(cast, now):
    """The code that hangs in the hotel."""
    return gates.code_of(cast.city.hotel, CodeKind.WORKER, now=now)


@pytest.fixture
def told(passer, desk, code):
    """What a worker of the hotel has told, with a photo and a name."""
    return tell(passer, code, name="李强", where="洗衣房", **{"photos-camera": upload()})


def tell(passer, code, **fields):
    url = reverse("report:inside", args=[code])
    token = re.search(r'name="token" value="([^"]+)"', passer.client.get(url).text)[1]
    answered = passer.send({"token": token, "what": "烫平机护罩松动"} | fields, url=url)
    assert answered.status_code == 302, text_of(answered)
    return WorkerReport.objects.order_by("-pk")[0]


def by(desk, name):
    return {"actor": getattr(desk.cast, name), "acting_post": desk.cast.posts[name], "now": desk.now}


def test_a_worker_tells_and_looks_the_answer_up(passer, desk, told):
    assert (told.enterprise, told.site, told.where) == (
        desk.cast.city.enterprise,
        desk.cast.city.hotel,
        "洗衣房",
    )
    number = passer.receipt()
    assert "It has been received." in text_of(passer.look_up(number))
    answer(report=told, feedback="今天已紧固。", plan=None, version=1, **by(desk, "enterprise"))
    text = text_of(passer.look_up(number))
    assert "今天已紧固。" in text
    assert not any(word in text for word in ("李强", "安全员", "恒盛", told.number))


def test_a_name_is_sealed_and_each_look_is_on_record(desk, told):
    assert "李强" not in told.name
    assert not any("李强" in body for body in Entry.objects.values_list("body", flat=True))
    url = reverse("hazards:worker_report", args=[told.number])
    for name in OWN:
        assert "李强" not in desk.browser(name).get(url).text
        assert "李强" in desk.browser(name).post(reverse("hazards:worker_name", args=[told.number])).text
    looks = Entry.objects.filter(action="worker.look").values_list("actor__username", flat=True)
    assert sorted(looks) == OWN
    assert verify() == []


def test_the_name_is_erased_for_a_reason_and_for_good(desk, told):
    url = reverse("hazards:worker_erase", args=[told.number])
    detail = reverse("hazards:worker_report", args=[told.number])
    browser = desk.browser("enterprise")
    assert f'href="{url}"' in browser.get(detail).text
    refused = browser.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert browser.post(url, {"reason": "本人要求"}).url == detail
    told.refresh_from_db()
    assert told.name == ""
    page = browser.get(detail).text
    assert "Without a name" in page
    assert url not in page
    assert "Nothing is kept" in browser.post(url, {"reason": "本人要求"}).text
    for name in ("rival", "inspector", "nobody"):
        assert desk.browser(name).post(url, {"reason": "x"}).status_code in (403, 404), name
    assert Entry.objects.filter(action="worker.erase").count() == 1
    assert verify() == []


def test_without_a_name_nobody_knows_who_it_was(passer, desk, code):
    row = tell(passer, code)
    assert row.name == ""
    page = desk.browser("enterprise").get(reverse("hazards:worker_report", args=[row.number]))
    assert "Without a name" in text_of(page)


def test_only_the_enterprise_sees_it_and_what_is_owed(desk, told):
    owed = about(told)
    # Who reads what is owed in the whole city learns no more than that an answer is owed.
    assert owed.get().params == {"number": told.number}
    photo = StoredFile.objects.get(form_key=told.key)
    for name in [*OWN, *OTHERS]:
        user, browser, inside = getattr(desk.cast, name), desk.browser(name), name in OWN
        page = browser.get(reverse("hazards:worker_report", args=[told.number]))
        assert page.status_code == (200 if inside else 404), name
        if name not in ("bureau", "auditor"):
            assert Obligation.objects.visible_to(user).filter(pk__in=owed).exists() == inside, name
        assert StoredFile.objects.visible_to(user).filter(pk=photo.pk).exists() == inside, name
        listed = browser.get(reverse("hazards:workers"))
        assert (listed.status_code == 200 and told.number in listed.text) == inside, name
        printed = browser.get(reverse("hazards:worker_notice", args=[desk.cast.city.hotel.pk]))
        assert (printed.status_code == 200) == inside, name


def test_however_late_an_answer_is_nobody_outside_is_told(desk, told):
    for days in (0, 3, 9, 12, 20, 40):
        sweep(now=desk.now + days * DAY, mail=False)
    posts = set(Alert.objects.values_list("post__title", flat=True))
    assert posts == {"安全员岗", "负责人岗"}


def test_the_officer_plans_it_and_it_is_the_enterprises_own_hazard(desk, told):
    browser = desk.browser("enterprise")
    url = reverse("hazards:worker_answer", args=[told.number, "plan"])
    assert "It becomes your own hazard" in text_of(browser.get(url))
    fields = {
        "version": 1,
        "title": "烫平机护罩松动",
        "matter": desk.cast.city.general.pk,
        "category": "facility",
        "plan_due_on": (desk.now + 5 * DAY).date().isoformat(),
        "feedback": "五天内修好。",
    }
    answers = [browser.post(url, fields) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    hazard = Hazard.objects.get()
    assert (hazard.source, hazard.road, hazard.state) == (Source.WORKER, Road.SELF, State.RECTIFYING)
    assert hazard.found_by == desk.cast.enterprise
    assert StoredFile.objects.visible_to(desk.cast.principal).filter(evidence__subject_id=hazard.pk).exists()
    told.refresh_from_db()
    assert (told.hazard, about(told).open().count()) == (hazard, 0)


def test_a_plan_can_be_an_item_of_the_enterprises_own_checklist(desk, told):
    city = desk.cast.city
    item = make.ChecklistItemFactory(
        checklist=make.ChecklistFactory(code="self-monthly"), matter=city.general
    )
    fields = {
        "version": 1,
        "title": "烫平机护罩松动",
        "matter": city.general.pk,
        "category": "facility",
        "item": "of-another-site",
        "plan_due_on": (desk.now + 5 * DAY).date().isoformat(),
        "feedback": "五天内修好。",
    }
    browser = desk.browser("enterprise")
    url = reverse("hazards:worker_answer", args=[told.number, "plan"])
    assert browser.post(url, fields).status_code == 422
    assert browser.post(url, fields | {"item": item.code}).status_code == 302
    assert Hazard.objects.get().item_code == item.code
    with pytest.raises(Stale, match=f"{told.number} has moved on since you opened it: Answered, "):
        answer(report=told, feedback="x", plan=None, version=1, **by(desk, "principal"))


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_answers(desk, told, name):
    with pytest.raises(NotAllowed):
        answer(report=told, feedback="x", plan=None, version=1, **by(desk, name))


def test_it_is_answered_once_and_never_with_nothing(desk, told):
    with pytest.raises(Invalid):
        answer(report=told, feedback=" ", plan=None, version=1, **by(desk, "principal"))
    answer(report=told, feedback="已处理", plan=None, version=1, **by(desk, "principal"))
    with pytest.raises(Stale):
        answer(report=told, feedback="已处理", plan=None, version=1, **by(desk, "enterprise"))
    assert Entry.objects.filter(action="worker.answer").count() == 1


def test_the_two_kinds_of_code_do_not_stand_for_each_other(passer, cast, code, now):
    gate = gates.code_of(cast.city.hotel, now=now)
    assert gate != code
    assert passer.client.get(reverse("report:gate", args=[code])).status_code == 404
    assert passer.client.get(reverse("report:inside", args=[gate])).status_code == 404


def test_a_doubled_form_is_one_report_and_limits_hold(passer, desk, code):
    url = reverse("report:inside", args=[code])
    token = re.search(r'name="token" value="([^"]+)"', passer.client.get(url).text)[1]
    fields = {"token": token, "what": "地面湿滑"}
    assert {passer.send(fields, url=url).url for _ in range(2)} == {reverse("report:receipt")}
    assert WorkerReport.objects.count() == 1
    assert not Report.objects.exists()
    with override_settings(REPORTS_LIMITS={"report": 1, "gate": 9, "photo": 9, "status": 9}):
        token = re.search(r'name="token" value="([^"]+)"', passer.client.get(url).text)[1]
        assert passer.send({"token": token, "what": "地面湿滑"}, url=url).status_code == 429


def test_the_page_costs_the_same_with_many_reports(desk, told):
    browser, url = desk.browser("enterprise"), reverse("hazards:workers")
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for _ in range(10):
        make.WorkerReportFactory(site=desk.cast.city.warehouse)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few) <= 12


def test_the_to_do_list_words_it(desk, told):
    assert f"A worker has reported a danger: {told.number}" in text_of(
        desk.browser("enterprise").get(reverse("my_work"))
    )
