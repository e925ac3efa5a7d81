"""Browser tests on the system's Chromium: a plugin of pytest, for tests marked `browser`.

Without a Chromium these tests are left out with one plain line; under `CI=true` they fail instead.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = "No Chromium on this machine: the browser tests were not run."
MANDATORY = os.environ.get("CI") == "true"


def find_chromium() -> Path | None:
    """The Chromium to use: `CHROMIUM`, or one that is installed."""
    found = [shutil.which(name) for name in (os.environ.get("CHROMIUM"), *NAMES) if name]
    return next((Path(path) for path in found if path), MAC if MAC.exists() else None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Have pytest-playwright start the system's Chromium, not one that it would download."""
    chromium = find_chromium()
    if not chromium:
        pytest.fail(MISSING)
    # Chromium refuses its sandbox to root.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": str(chromium), "args": flags}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let Playwright's loop, which outlives its tests in this thread, be seen only by those with a page.

    Others may call what Django runs in a loop of its own, as it does for the health page. It is hidden
    from their fixtures too: Django keeps another connection for whoever is inside a loop.
    """
    loop = None if item.get_closest_marker("browser") else asyncio._get_running_loop()
    if loop is not None:
        asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        if loop is not None and loop.is_running():
            asyncio._set_running_loop(loop)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; let tests ask the database while Playwright's loop runs in their thread."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    config.addinivalue_line("markers", "browser: needs a Chromium")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no browser."""
    if MANDATORY or find_chromium():
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    if browser:
        config.hook.pytest_deselected(items=browser)
        items[:] = [item for item in items if item not in browser]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    if not MANDATORY and not find_chromium():
        terminalreporter.write_line(MISSING)
