"""A whole portal as `make run` starts it, and people in a real browser."""

import io
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600  # the first start lets a city live through a year, beside the other tests
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
#: What `safegrid.local exec` gave to the tests and the portal must not have: it starts servers of its own.
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SAFEGRID_VAR", "DJANGO_SETTINGS_MODULE", "DEBUG")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the portal with an empty `var` and give its address; stop it as Ctrl-C does.

    `SAFEGRID_PORTAL` names one that was just started by hand, to look into a failure.
    """
    if running := os.environ.get("SAFEGRID_PORTAL"):
        yield running
        return
    folder = tmp_path_factory.mktemp("journey")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
    environment |= {"SAFEGRID_VAR": str(folder / "var"), "PORT": str(port)}
    log = folder / "run.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "safegrid.local", "run"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + START_SECONDS
    while "SafeGrid is running" not in log.read_text():
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            pytest.fail(f"the portal did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.5)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)


@pytest.fixture
def sign_in(portal: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a page on which a person of the cast is signed in; it fails on any error in the console."""
    contexts = []
    wrong: list[str] = []

    def start(username: str, viewport: dict[str, int] = DESK, locale: str = "en-US") -> Page:
        context = browser.new_context(base_url=portal, viewport=viewport, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on(
            "request", lambda r: None if r.url.startswith((portal, "data:", "blob:")) else wrong.append(r.url)
        )
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", "safegrid-demo")
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{portal}/")
        return page

    yield start
    for context in contexts:
        context.close()
    # A refused address of another enterprise is answered with 404: that is the only error there may be.
    assert [text for text in wrong if "404 (Not Found)" not in text] == []


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[str], Path]:
    """Take a photo of a name of one's own: a picture that no other has."""

    def take(name: str) -> Path:
        rng = random.Random(f"{name}{time.time_ns()}")
        image = Image.new("RGB", (900, 700), tuple(rng.randrange(256) for _ in range(3)))
        for _ in range(40):
            x, y = rng.randrange(850), rng.randrange(650)
            image.paste(tuple(rng.randrange(256) for _ in range(3)), (x, y, x + 50, y + 50))
        out = io.BytesIO()
        image.save(out, "JPEG")
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(out.getvalue())
        return path

    return take
