"""What production promises, asked of its parts as they run on loopback with production's settings."""

import http.cookiejar
import io
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.local.processes import marked, until

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
PASSWORD = "七彩-Huangshui-1"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("production"),  # started once
    pytest.mark.skipif(
        not NGINX and os.environ.get("CI") != "true",
        reason="No nginx here: production by hand was not tested.",
    ),
]


@dataclass
class Answer:
    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def body(self) -> str:
        return self.content.decode()


class Production:
    """The portal as the outside sees it, and the environment that its own commands have."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.site = environment["SITE_URL"]
        self.context = ssl.create_default_context(cafile=Path(environment["CERTIFICATES"]) / "tls.crt")

    def browser(self) -> urllib.request.OpenerDirector:
        """A browser with cookies of its own, which shows redirects and errors as they come."""

        class AsItComes(urllib.request.HTTPRedirectHandler, urllib.request.HTTPDefaultErrorHandler):
            def redirect_request(self, *args, **kwargs):
                return None

        return urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=self.context),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            AsItComes,
        )

    def ask(
        self, address: str, *, browser=None, form: dict[str, str] | bytes | None = None, **headers: str
    ) -> Answer:
        """Ask for an address of the portal, or a whole one; `form` is sent as a browser would."""
        address = urllib.parse.urljoin(self.site, address)
        data = urllib.parse.urlencode(form).encode() if isinstance(form, dict) else form
        request = urllib.request.Request(address, data, headers | ({"Referer": address} if form else {}))
        try:
            response = (browser or self.browser()).open(request, timeout=20)
        except urllib.error.HTTPError as error:
            response = error
        return Answer(response.status, response.headers, response.read())

    def sign_in(self, username: str, password: str, *, browser=None, **headers: str) -> Answer:
        browser = browser or self.browser()
        page = self.ask("/accounts/login/", browser=browser).body
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token}
        return self.ask("/accounts/login/", browser=browser, form=form, **headers)

    def command(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command in production's environment, with changes to it."""
        return subprocess.run(
            arguments,
            cwd=ROOT,
            env=self.environment | changes,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def add_person(self, username: str, password: str) -> None:
        done = self.command(
            "python",
            "manage.py",
            "shell",
            "-c",
            "import sys; from safegrid.accounts.models import User;"
            f"User.objects.create_user({username!r}, password={password!r})",
        )
        assert not done.returncode, done.stderr


def photo_form(token: str, photo: bytes) -> tuple[bytes, str]:
    """The body and the content type of a form with one photo."""
    edge = uuid.uuid4().hex
    fields = (
        ('name="csrfmiddlewaretoken"', token.encode()),
        ('name="photo"; filename="before.jpg"\r\nContent-Type: image/jpeg', photo),
    )
    parts = [f"--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + b for head, b in fields]
    return b"\r\n".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"


@pytest.fixture(scope="module")
def production() -> Iterator[Production]:
    """Everything that docker-compose.yml starts."""
    assert NGINX, "CI has no nginx"
    mark = f"mark-{uuid.uuid4().hex}"
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "SAFEGRID_VAR"}
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.deploy.portal", NGINX],
        cwd=ROOT,
        env=environment | {"SAFEGRID_TEST": mark},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    line = process.stdout.readline()
    assert line.startswith("{"), line + process.stdout.read()
    yield Production(json.loads(line))
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()
    assert until(lambda: not marked(mark), 5), marked(mark)


def test_the_sign_in_page_comes_over_tls_with_djangos_security_headers(production):
    answer = production.ask("/accounts/login/")
    assert answer.status == 200
    assert 'name="password"' in answer.body
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert all("Secure" in cookie for cookie in answer.headers.get_all("Set-Cookie"))


def test_plain_http_is_sent_to_the_portals_own_address(production):
    answer = production.ask(f"http://127.0.0.1:{production.environment['HTTP_PORT']}/hazards/?page=2")
    assert answer.status == 308
    assert answer.headers["Location"] == f"{production.site}/hazards/?page=2"


def test_a_foreign_host_name_is_refused(production):
    assert production.ask("/accounts/login/", Host="evil.example").status == 400


def test_every_static_file_of_a_page_comes_from_nginx_and_may_be_kept_for_a_year(production):
    page = production.ask("/accounts/login/").body
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(files) > 5
    for file in files:
        answer = production.ask(file)
        assert answer.status == 200, file
        assert "immutable" in ", ".join(answer.headers.get_all("Cache-Control")), file
        assert "max-age=31536000" in ", ".join(answer.headers.get_all("Cache-Control")), file
        assert "Content-Security-Policy" not in answer.headers, "nginx should have answered"


def test_a_static_file_without_a_hash_may_be_kept_for_an_hour(production):
    answer = production.ask("/static/css/app.css", **{"Accept-Encoding": "identity"})
    assert answer.headers["Cache-Control"] == "max-age=3600"
    assert answer.headers["Content-Type"] == "text/css"


def test_evidence_has_no_public_address(production):
    media = Path(production.environment["MEDIA_ROOT"])
    media.mkdir(exist_ok=True)
    (media / "secret.jpg").write_text("evidence")
    for address in (
        "/protected-media/secret.jpg",
        "/media/secret.jpg",
        "/static/../media/secret.jpg",
    ):
        answer = production.ask(address)
        assert answer.status in {302, 400, 404}, address
        assert "evidence" not in answer.body


def test_a_photo_is_prepared_by_the_worker_and_handed_over_by_nginx_to_its_owner_alone(production):
    for name in ("ma.hong", "li.qiang"):
        production.add_person(name, PASSWORD)
    owner, stranger = production.browser(), production.browser()
    assert production.sign_in("ma.hong", PASSWORD, browser=owner).status == 302
    assert production.sign_in("li.qiang", PASSWORD, browser=stranger).status == 302

    picture = io.BytesIO()
    Image.effect_noise((1600, 1200), 80).convert("RGB").save(picture, "JPEG")
    token = re.search(
        r'csrfmiddlewaretoken" value="([^"]+)',
        production.ask("/accounts/password/change/", browser=owner).body,
    )[1]
    form, kind = photo_form(token, picture.getvalue())
    kept = production.ask("/files/", browser=owner, form=form, **{"Content-Type": kind})
    assert kept.status == 201, kept.body
    address = f"/files/{json.loads(kept.body)['id']}/"

    assert until(lambda: production.ask(address, browser=owner).status == 200, 30)
    shown = production.ask(address, browser=owner)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "X-Accel-Redirect" not in shown.headers
    assert shown.headers["Cache-Control"] == "private, max-age=86400"
    assert Image.open(io.BytesIO(shown.content)).size[0] > 0
    assert shown.content != picture.getvalue()
    assert production.ask(address, browser=stranger).status == 404
    assert production.ask(address).status == 302


def test_metrics_of_all_web_processes_are_for_the_bearer_of_the_token(production):
    token = production.environment["METRICS_TOKEN"]
    assert production.ask("/metrics").status == 404
    assert production.ask("/metrics", Authorization=f"Bearer {token}0").status == 404
    answer = production.ask("/metrics", Authorization=f"Bearer {token}")
    assert answer.status == 200
    asked = re.findall(r"^django_http_requests_before_middlewares_total ([\d.]+)$", answer.body, re.MULTILINE)
    assert len(asked) == 1
    assert float(asked[0]) >= 3


def test_more_than_fifty_megabytes_get_a_page_that_says_so(production):
    address = urllib.parse.urljoin(production.site, "/accounts/login/")
    request = urllib.request.Request(address, bytes(53 * 1024 * 1024))
    with pytest.raises(urllib.error.HTTPError) as refused:
        production.browser().open(request, timeout=20)
    assert refused.value.status == 413
    assert "More than 50 MB" in refused.value.read().decode()


def test_it_is_in_good_health_and_the_timer_and_the_worker_are_running(production):
    assert until(lambda: production.ask("/healthz").status == 200, 60)
    log = Path(production.environment["SAFEGRID_VAR"]) / "log"
    assert until(lambda: "Sending due task sweep" in (log / "beat.log").read_text(), 60)
    assert until(lambda: "succeeded" in (log / "worker.log").read_text(), 30)


def test_the_demo_password_opens_nothing_and_stops_the_next_start(production):
    production.add_person("inspector", "safegrid-demo")
    production.add_person("lu.zhao", PASSWORD)
    assert production.sign_in("lu.zhao", PASSWORD).status == 302
    refused = production.sign_in("inspector", "safegrid-demo")
    assert refused.status == 200
    assert 'name="password"' in refused.body
    start = production.command("sh", "deploy/start.sh", "web")
    assert start.returncode == 1
    assert "safegrid.E003" in start.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "insecure-only-for-checks-and-builds-xxxxxxxxxxxxxxxxxxxxxxxxxxx"}, "safegrid.E001"),
        ({"SECRET_KEY": "short"}, "safegrid.E001"),
        ({"ALLOWED_HOSTS": "*"}, "safegrid.E002"),
        ({"DEBUG": "true"}, "security.W018"),
        ({"HTTPS": "false"}, "security.W008"),
    ],
)
@pytest.mark.parametrize("part", ["web", "beat"])
def test_insecure_settings_are_refused_at_start(production, part, changes, reason):
    start = production.command("sh", "deploy/start.sh", part, **changes)
    assert start.returncode == 1
    assert reason in start.stderr


def test_the_compose_file_has_no_secret_and_its_nginx_gets_every_name_it_needs(production):
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?", text))
    assert asked == set(re.findall(r"^(\w+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert not re.findall(r"\$\{\w+:-", text)
    assert set(compose["services"]) == {"migrate", "web", "worker", "beat", "nginx", "postgres", "redis"}
    image = dict(
        pair.split("=", 1)
        for pair in re.findall(r"\b[A-Z_]+=\S+", (ROOT / "Dockerfile").read_text().partition("AS front")[2])
    )
    template = set(re.findall(r"\$\{(\w+)\}", (ROOT / "deploy/nginx.conf.template").read_text()))
    assert template == set(image) | {"SITE_URL"}
    web = compose["services"]["web"]["environment"]
    assert web["MEDIA_ACCEL_PREFIX"] == image["MEDIA_ACCEL_PREFIX"]


def test_attempts_to_sign_in_are_counted_by_the_address_that_nginx_saw(production):
    """Runs last: it uses up this address's attempts for a minute."""
    said = [
        production.sign_in(f"guess{number}", "wrong", **{"X-Forwarded-For": f"192.0.2.{number}"}).body
        for number in range(12)
    ]
    assert "Too many failed login attempts" not in said[0]
    assert "Too many failed login attempts" in said[-1]
