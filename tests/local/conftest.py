"""A mark that every process of a test carries, and starting commands that carry it."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.processes import marked, until

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests read the kernel's list of processes, in the form Linux gives it."""
    if not Path("/proc/self/environ").exists():
        for item in items:
            if item.path.is_relative_to(Path(__file__).parent):
                item.add_marker(pytest.mark.skip(reason="needs Linux's /proc"))


@pytest.fixture
def mark() -> str:
    return f"mark-{uuid.uuid4().hex}"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can pass through. pytest's own are closed: root's data would go elsewhere."""
    with tempfile.TemporaryDirectory(prefix="safegrid-test-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def start(mark: str) -> Iterator[Start]:
    """Start Python with some arguments; at the end it is asked to end and must, with all it has started."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path, python: str = sys.executable, **options: Any) -> subprocess.Popen[str]:
        environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "SAFEGRID_VAR", "PORT"}
        }
        options["env"] = (
            environment | {"SAFEGRID_TEST": mark, "PYTHONPATH": str(ROOT)} | options.get("env", {})
        )
        options.setdefault("cwd", ROOT)
        process = subprocess.Popen(
            [python, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.wait(10)
        process.stdout.close()
    assert until(lambda: not marked(mark), 10), marked(mark)
