"""The demo city from nothing to today. Safe to repeat: a city that stands is left alone."""

import datetime as dt
import json
import random
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection

from analysis.demo import comings, faults, leaders, statements
from analysis.demo.businesses import DEMO_NAME, RIVAL_NAME, Businesses
from analysis.demo.cast import People, set_up, staff_enterprise
from analysis.demo.clockwork import City
from analysis.demo.history import DAYS, Story
from analysis.demo.instructions import give_instructions
from analysis.demo.own_line import keep_own_lines
from analysis.demo.papers import issue_papers
from analysis.demo.penalties import enter_penalties
from analysis.demo.photos import Album
from analysis.demo.reports import tell_reports
from analysis.ground import load_ground
from hazards.models import Hazard
from responsibility.alerts.models import Tick
from responsibility.alerts.sweep import tick
from responsibility.coverage.audit import audit
from safegrid.accounts.models import User
from safegrid.audit.services import seal
from safegrid.grid.models import Site
from safegrid.grid.reference import DATA
from safegrid.kernel import clock

SEED = 20100601
SEED_LOCK = 0x5EED
MARK = "demo city"  # stands once the city is complete
#: After this the planted deadline passes and the first alert is seen.
FIRST_ALERT = dt.timedelta(minutes=2)


def seed_demo(*, say: Callable[[str], None]) -> bool:
    """Build the demo city and return True; False when there is one already.

    Each step commits by itself, as in real life. A start that was interrupted is told by the missing
    mark at the end, and begins again with an empty database.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SEED_LOCK])
        if Tick.objects.filter(name=MARK).exists():
            return False
        if User.objects.exists():
            say("The demo city was left half built: starting again")
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
            call_command("migrate", verbosity=0)
        cursor.execute("SET synchronous_commit TO off")
        _seed(say)
        tick(MARK, now=clock.now())
    return True


def _seed(say: Callable[[str], None]) -> None:
    began = time.monotonic()
    end = clock.now()
    start = clock.day_start(clock.local_date(end) - dt.timedelta(days=DAYS))
    rng = random.Random(SEED)  # noqa: S311 (a story, not a secret)
    vocabulary = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    say("Loading places, matters, units and the calendar")
    load_ground(now=start)
    say("Appointing people and registering enterprises")
    people = People(rng, vocabulary)
    since = clock.local_date(start).replace(month=1, day=1)
    bodies = set_up(people, since=since, now=start)
    bureau = bodies.user[bodies.office.pk]
    enterprises = Businesses(rng, vocabulary, actor=bureau, acting_post=bodies.office, now=start).make_all()
    named = {DEMO_NAME: ("enterprise", "principal"), RIVAL_NAME: ("rival", "")}
    staff = staff_enterprise(
        [(e, *named.get(e.name, ("", ""))) for e in enterprises],
        people,
        since=since,
        actor=bureau,
        acting_post=bodies.office,
        now=start,
    )
    everybody = {h.post_id: h.user for h in _holdings()}
    sites = list(Site.objects.select_related("enterprise").order_by("pk"))
    story = Story(City(bodies, sites, staff, everybody), rng, end, Album(rng))
    story.plan()
    story.run(lambda day: say(f"Living through {day:%Y-%m}"))
    now = clock.now()
    keep_own_lines(now=now)
    leaders.appoint(people, now=now)
    faults.plant(now=now)
    comings.live(now=now)
    leaders.live(bodies, rng, now=now)
    audit(now=now)
    give_instructions(bodies, now=now)
    statements.tell(start=start, now=now)
    # Last, so that whoever starts the portal still sees it become overdue.
    now = clock.now()
    story.order_for_the_demo(now=now, due_at=now + FIRST_ALERT)
    issue_papers(now=now)
    enter_penalties(now=now)
    tell_reports(now=now)
    seal(now=now)
    say(f"{Hazard.objects.count()} hazards, {story.steps} steps, {time.monotonic() - began:.0f} s")


def _holdings():  # type: ignore[no-untyped-def]
    from safegrid.accounts.models import Holding

    return Holding.objects.select_related("user")
