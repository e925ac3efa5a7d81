"""The pages of leaders' duties: the list, one leading post, its forms, the table, the panel on a site."""

import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from inspections.choices import Result, VisitKind
from inspections.models import Visit
from inspections.services.visits import Looked, record_visit
from responsibility.alerts.sweep import open_periods
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, LeaderPeriod, Wing
from responsibility.leaders.policies import apply_policies
from safegrid.accounts.choices import PostKind
from safegrid.kernel import clock
from tests import factories as make

DAY = "2026-11-23"


@pytest.fixture
def leading(cast, policies, now):
    """Every leading post has what the policies say, and its first period."""
    apply_policies(now=now)
    open_periods(now=now)
    return cast


@pytest.fixture
def url(leading):
    return reverse("responsibility:leader", args=[leading.posts["chengdong"].pk])


def filled_in(**given):
    return {"token": uuid.uuid4(), "kind": "check", "day": DAY, "what": "带队检查宾馆"} | given


READERS = {
    "bureau": 200,
    "auditor": 200,
    "chengdong": 200,
    "inspector": 200,
    "chengxi": 404,
    "gridofficer": 404,  # reads a cell, not the district in which the government stands
    "fire": 404,
    "enterprise": 404,
    "rival": 404,
    "nobody": 404,
}


@pytest.mark.parametrize(("username", "status"), READERS.items())
def test_a_leader_is_read_by_whoever_reads_its_place_and_by_itself(leading, client, url, username, status):
    client.force_login(getattr(leading, username))
    assert client.get(url).status_code == status


@pytest.mark.parametrize(
    ("username", "status"), [(name, s if s == 404 else 403) for name, s in READERS.items()]
)
def test_nobody_records_for_others_by_posting(leading, client, url, username, status):
    client.force_login(getattr(leading, username))
    response = client.post(url, filled_in())
    assert response.status_code == (302 if username == "chengdong" else status)
    assert LeaderDeed.objects.count() == (username == "chengdong")


def test_what_is_recorded_twice_is_there_once_and_shows_on_the_page(leading, client, url):
    client.force_login(leading.chengdong)
    form = filled_in(found=3, fixed=1)
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    page = client.get(url).text
    assert LeaderDeed.objects.count() == 1
    assert "带队检查宾馆" in page
    assert "3 found, 1 fixed" in page
    assert "1 of 2 done" in page


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(leading, client, url):
    client.force_login(leading.chengdong)
    response = client.post(url, filled_in(day="2026-11-24", what="开会讨论", found="x"))
    assert response.status_code == 422
    assert "开会讨论" in response.text
    response = client.post(url, filled_in(day="2026-11-24", what="开会讨论"))
    assert response.status_code == 422
    assert "This day lies ahead." in response.text
    assert not LeaderDeed.objects.exists()


def test_the_button_of_what_is_owed_leads_to_the_form_with_its_kind_chosen(leading, client, url):
    client.force_login(leading.chengdong)
    work = client.get("/my-work/").text
    assert f"{url}?kind=meeting#record" in work
    assert "Hold meetings, 2026-Q4: 0 of 1 done" in work
    assert '<option value="meeting" selected>' in client.get(f"{url}?kind=meeting").text
    assert client.get(f"{url}?kind=nonsense").status_code == 200


def visit_by(leading, now, post):
    item = make.ChecklistItemFactory(
        matter=leading.city.general, checklist=make.ChecklistFactory(code="inspection")
    )
    return record_visit(
        token=uuid.uuid4(),
        kind=VisitKind.INSPECTION,
        site=leading.city.hotel,
        matter=leading.city.general,
        visited_at=now,
        officers=[leading.posts["inspector2"], post],
        items={item: Looked(Result.NOT_OK, "通道堵塞")},
        actor=leading.inspector,
        acting_post=leading.posts["inspector"],
        now=now,
    )


def test_a_visit_that_a_leader_took_part_in_counts_by_itself_and_is_typed_nowhere(leading, client, url, now):
    make.CertificateFactory(user=leading.chengdong)
    visit = visit_by(leading, now, leading.posts["chengdong"])
    deed = LeaderDeed.objects.get()
    assert (deed.source, deed.source_number, deed.site) == (f"visit:{visit.pk}", visit.number, visit.site)
    period = LeaderPeriod.objects.get(leader=deed.leader, kind="check")
    assert (period.done, period.owed) == (1, 2)
    client.force_login(leading.chengdong)
    page = client.get(url).text
    assert visit.number in page
    assert "1 found, 0 fixed" in page
    assert client.post(url, filled_in(visit=visit.number)).status_code == 422  # counted already
    correct = reverse("responsibility:leader_correct", args=[leading.posts["chengdong"].pk, deed.pk])
    assert client.get(correct).status_code == 404  # its figures are the visit's


def test_visits_of_before_are_taken_in_when_a_period_opens(cast, policies, now):
    visit = make.VisitFactory(site=cast.city.hotel, found_count=2)
    make.VisitOfficerFactory(visit=visit, post=cast.posts["chengdong"], user=cast.chengdong)
    make.VisitOfficerFactory(visit=visit)
    apply_policies(now=now)
    open_periods(now=now)
    assert list(LeaderDeed.objects.values_list("source", flat=True)) == [f"visit:{visit.pk}"]
    assert LeaderPeriod.objects.get(leader__post=cast.posts["chengdong"], kind="check").done == 1


def test_a_visit_is_linked_by_its_number_and_only_one_that_is_read(leading, client, url, now):
    visit = make.VisitFactory(site=leading.city.hotel, found_count=4)
    elsewhere = make.VisitFactory(site=leading.city.school)
    client.force_login(leading.chengdong)
    assert client.post(url, filled_in(visit=elsewhere.number)).status_code == 422
    assert client.post(url, filled_in(visit=visit.number, what="", found=99)).status_code == 302
    deed = LeaderDeed.objects.get()
    assert (deed.source, deed.found) == (f"visit:{visit.pk}", 0)  # the figures stay the visit's
    assert "4 found, 0 fixed" in client.get(url).text
    assert Visit.objects.count() == 2


def test_correcting_and_cancelling_by_their_pages(leading, client, url, now):
    client.force_login(leading.chengdong)
    client.post(url, filled_in())
    deed = LeaderDeed.objects.get()
    args = [leading.posts["chengdong"].pk, deed.pk]
    correct, cancel = (reverse(f"responsibility:leader_{name}", args=args) for name in ("correct", "cancel"))
    for page in (correct, cancel):
        assert client.get(page).status_code == 200
    assert client.post(correct, {"day": DAY, "what": "带队检查仓库"}).status_code == 302
    assert client.post(cancel, {"reason": ""}).status_code == 422
    assert client.post(cancel, {"reason": "没有去"}).status_code == 302
    assert client.post(cancel, {"reason": "没有去"}).status_code == 302  # again: told, and nothing changes
    deed.refresh_from_db()
    assert (deed.what, deed.cancel_reason) == ("带队检查仓库", "没有去")
    page = client.get(url).text
    assert "does not count" in page
    for other, status in (("bureau", 403), ("chengxi", 404), ("enterprise", 404)):
        client.force_login(getattr(leading, other))
        assert client.post(cancel, {"reason": "x"}).status_code == status
        assert client.post(correct, {"day": DAY, "what": "x"}).status_code == status


def test_the_office_lays_down_a_duty_and_whoever_may_not_cannot(leading, client, url):
    page = f"{url}duty/"
    given = {"kind": "check", "number": "3", "rhythm": "monthly", "since": DAY, "basis": "会议纪要"}
    for username, status in (("chengdong", 403), ("inspector", 403), ("auditor", 403), ("rival", 404)):
        client.force_login(getattr(leading, username))
        assert client.get(page).status_code == client.post(page, given).status_code == status
    client.force_login(leading.bureau)
    assert client.post(page, given | {"number": "many"}).status_code == 422
    assert client.post(page, given | {"since": "2026-11-22"}).status_code == 422
    assert client.post(page, given).status_code == client.post(page, given).status_code == 302
    assert LeaderDuty.objects.filter(policy=None).count() == 1
    assert "会议纪要" in client.get(url).text


def test_enterprises_are_found_by_a_search_and_taken_under_the_wing(leading, client, url):
    c = leading.city
    client.force_login(leading.bureau)
    page = f"{url}wing/?q=恒盛"
    assert c.enterprise.name_en in client.get(page).text
    assert c.other.name_en not in client.get(page).text
    given = {"since": DAY, "enterprises": [c.enterprise.pk]}
    assert client.post(page, {"since": DAY}).status_code == 422
    assert client.post(page, given | {"enterprises": [c.other.pk]}).status_code == 422  # was not found
    assert client.post(page, given).status_code == 302
    wing = Wing.objects.get()
    make.ObligationFactory(site=c.hotel, due_in=-2)
    assert "1 overdue" in client.get(url).text
    end = reverse("responsibility:leader_wing_end", args=[leading.posts["chengdong"].pk, wing.pk])
    client.force_login(leading.chengdong)
    assert client.post(end).status_code == 403
    client.force_login(leading.bureau)
    assert client.post(end).status_code == 302
    assert not Wing.objects.exists()  # it had only just begun
    assert client.post(end).status_code == 404


def test_a_visit_is_to_an_enterprise_chosen_from_the_wing_which_says_when_it_was_visited(
    leading, client, url, now
):
    c = leading.city
    client.force_login(leading.chengdong)
    assert 'name="enterprise"' not in client.get(url).text
    assert client.post(url, filled_in(kind="contact")).status_code == 422
    leader = Leader.objects.get(post=leading.posts["chengdong"])
    for enterprise in (c.enterprise, c.west):
        Wing.objects.create(leader=leader, enterprise=enterprise, span=(make.LONG_AGO, None))
    page = client.get(url).text
    offered = page.split('name="enterprise"')[1].split("</select>")[0]
    assert c.enterprise.name_en in offered
    assert c.west.name_en not in offered  # in a district that the leader does not reach
    assert "not visited yet" in page
    bad = client.post(url, filled_in(kind="contact", what="走访企业"))
    assert bad.status_code == 422
    assert list(bad.context["form"].errors) == ["enterprise"]
    assert "走访企业" in bad.content.decode()
    assert client.post(url, filled_in(kind="contact", enterprise=c.west.pk)).status_code == 422
    assert client.post(url, filled_in(kind="contact", enterprise=c.enterprise.pk)).status_code == 302
    deed = LeaderDeed.objects.get()
    assert (deed.kind, deed.enterprise) == ("contact", c.enterprise)
    page = client.get(url).text
    assert f"last visited {DAY}" in page
    assert "not visited yet" not in page
    correct = reverse("responsibility:leader_correct", args=[leader.post_id, deed.pk])
    assert "selected" in client.get(correct).text.split('name="enterprise"')[1].split("</select>")[0]


def test_a_visit_that_is_recorded_elsewhere_counts_for_whom_it_was_to(leading, client, url, now):
    c = leading.city
    leader = Leader.objects.get(post=leading.posts["chengdong"])
    Wing.objects.create(leader=leader, enterprise=c.other, span=(make.LONG_AGO, None))
    client.force_login(leading.chengdong)
    visit = make.VisitFactory(site=c.hotel)
    bad = client.post(url, filled_in(kind="contact", visit=visit.number))
    assert list(bad.context["form"].errors) == ["visit"]
    other = make.VisitFactory(site=c.shop)
    assert client.post(url, filled_in(kind="contact", visit=other.number)).status_code == 302
    assert LeaderDeed.objects.get().enterprise == c.other


def test_the_site_names_the_leader_in_contact_and_an_enterprise_gets_no_more_than_the_name(
    leading, client, url
):
    c = leading.city
    Wing.objects.create(
        leader=Leader.objects.get(post=leading.posts["chengdong"]),
        enterprise=c.enterprise,
        span=(make.LONG_AGO, None),
    )
    for username, is_linked in (("enterprise", False), ("inspector", True), ("fire", False)):
        client.force_login(getattr(leading, username))
        page = client.get(f"/grid/enterprises/{c.enterprise.pk}/").text
        assert "Leader in contact" in page
        assert escape("Chengdong's post") in page
        assert (url in page) is is_linked, username
    client.force_login(leading.rival)
    assert "Leader in contact" not in client.get(f"/grid/enterprises/{c.other.pk}/").text


def names(client, tab):
    text = client.get(f"/responsibility/leaders/?tab={tab}&format=csv").getvalue().decode()
    return {line.split(",")[0] for line in text.splitlines()[1:]}


def test_the_list_shows_who_is_behind_and_what_is_mine(leading, client, url):
    client.force_login(leading.bureau)
    both = {"Chengdong's post", "Chengxi's post"}
    assert names(client, "all") == both | {"Bureau's post"}
    assert names(client, "behind") == both
    assert names(client, "mine") == {"Bureau's post"}
    assert client.get("/responsibility/leaders/?tab=all&name=Chengxi").status_code == 200
    client.force_login(leading.chengdong)
    client.post(url, filled_in())
    assert names(client, "all") == {"Chengdong's post"}
    assert names(client, "behind") == set()
    row = client.get("/api/v1/leaders/").json()["results"][0]
    assert (row["checks_done"], row["checks_owed"], row["meetings_done"], row["wing"]) == (1, 2, 0, 0)


def cells(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
    return book.get_sheet_by_index(0).to_python()


def test_the_table_of_a_quarter_holds_exactly_what_its_reader_sees(leading, client, url):
    client.force_login(leading.chengdong)
    client.post(url, filled_in(found=3, fixed=1))
    table = "/responsibility/leaders/table/?year=2026&quarter=4"
    wanted = ["Chengdong", "Chengdong's post", "Chengdong Government"]
    rows = [row for row in cells(client.get(table)) if row[1] == "Chengdong's post"]
    assert rows == [[*wanted, 2, 1, 3, 1, 1, 0, 0, 0, 0]]
    assert not any("Chengxi" in str(row) for row in cells(client.get(table)))
    client.force_login(leading.bureau)
    assert sum("post" in str(row[1]) for row in cells(client.get(table))) == 3
    assert client.get("/responsibility/leaders/table/?year=soon").status_code == 422
    assert client.get("/responsibility/leaders/table/").status_code == 200
    client.force_login(leading.enterprise)
    assert client.get(table).status_code == 403


def test_the_pages_cost_the_same_for_much(leading, client, url, now):
    leader = Leader.objects.get(post=leading.posts["chengdong"])
    client.force_login(leading.bureau)
    pages = (url, "/responsibility/leaders/table/?year=2026&quarter=4")

    def cost():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(page).getvalue()
            found.append(len(queries))
        return found

    def much(n):
        for _ in range(n):
            visit = make.VisitFactory(site=leading.city.hotel)
            LeaderDeed.objects.create(
                leader=leader,
                kind="check",
                day=clock.local_date(now),
                source=f"visit:{visit.pk}",
                source_number=visit.number,
                recorded_at=now,
                recorded_by=leading.chengdong,
            )
            enterprise = make.SiteFactory(at=leading.city.cell).enterprise
            Wing.objects.create(leader=leader, enterprise=enterprise, span=(make.LONG_AGO, None))
            make.PostFactory(kind=PostKind.HEAD, unit=make.UnitFactory(), holder=make.UserFactory())
        apply_policies(now=now)
        open_periods(now=now)

    much(1)
    cost()
    few = cost()
    much(8)
    assert cost() == few
