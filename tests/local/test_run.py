"""The whole portal under its supervisor, as `make run` starts it (without the demo city)."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from dotenv import dotenv_values

from safegrid.accounts import demo
from safegrid.local import run
from tests.local.conftest import Start
from tests.local.processes import marked, until

RUN = ("-m", "safegrid.local", "run")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def begin(start: Start, var: Path, port: int) -> subprocess.Popen[str]:
    """Start the portal and read what it says until it runs."""
    process = start(*RUN, env={"SAFEGRID_VAR": str(var), "PORT": str(port), "SAFEGRID_SEED": "no"})
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C stops everything" in line:
            assert f"SafeGrid is running: http://127.0.0.1:{port}\n" in said
            assert process.stdout.readline() == "\n"
            return process
    raise AssertionError(said)


def sign_in_page(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=20) as response:
        return response.status


def pids(mark: str, part: str) -> set[int]:
    return {int(line.split()[0]) for line in marked(mark) if part in line}


@pytest.mark.slow
def test_the_portal_runs_heals_and_ends_without_a_trace(start, mark, open_folder):
    var, port = open_folder / "安全 网格's", free_port()
    process = begin(start, var, port)
    assert sign_in_page(port) == 200

    told = dotenv_values(var / "local.env")
    assert told["SAFEGRID_VAR"] == str(var)
    assert told["DATABASE_URL"].startswith("postgres://safegrid@")
    assert told["SECRET_KEY"] == (var / "secret_key").read_text()
    assert (var / "local.env").stat().st_mode & 0o077 == 0

    second = start(*RUN, env={"SAFEGRID_VAR": str(var), "PORT": str(free_port())})
    assert second.communicate(timeout=60)[0] == f"SafeGrid is already running here (process {process.pid}).\n"

    workers = pids(mark, "celery --app safegrid worker")
    os.kill(min(workers), signal.SIGKILL)
    assert "worker ended (signal 9); starting it again in 1 s" in process.stdout.readline()
    assert until(lambda: len(pids(mark, "celery --app safegrid worker") - workers) == 3, 20)

    process.kill()
    assert until(lambda: not marked(mark, var), 10), marked(mark, var)
    assert not (var / "local.env").exists()

    began = time.monotonic()
    process = begin(start, var, port)
    assert time.monotonic() - began < 20  # some four seconds on an idle machine
    assert sign_in_page(port) == 200
    assert dotenv_values(var / "local.env")["SECRET_KEY"] == told["SECRET_KEY"]

    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10)[0].endswith("SafeGrid has stopped.\n")
    assert process.returncode == 0
    assert not marked(mark, var)
    with pytest.raises(urllib.error.URLError):
        sign_in_page(port)


def test_a_port_in_use_is_said_in_one_line(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = start(*RUN, env={"SAFEGRID_VAR": str(tmp_path), "PORT": str(port)})
        said = process.communicate(timeout=60)[0]
    assert said == f"Port {port} is in use; choose another: PORT=8000 make run\n"
    assert process.returncode == 1


@pytest.mark.parametrize("port", ["0", "65536", "八千", "80a", "-1"])
def test_a_port_that_is_none_is_refused(start, tmp_path, port):
    process = start(*RUN, env={"SAFEGRID_VAR": str(tmp_path), "PORT": port})
    assert process.communicate(timeout=60)[0] == f"PORT must be a number from 1 to 65535, not {port!r}.\n"


def test_the_greeting_names_every_demo_account():
    assert tuple(run.ACCOUNTS) == tuple(demo.ACCOUNTS)
    assert "demo accounts" not in run.greeting(8000, Path("var"), accounts=False).lower()


def test_reset_forgets_everything(start, tmp_path):
    for name in ("media/a.jpg", "log/web.log", "secret_key"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "local.env").symlink_to(tmp_path / "gone")
    process = start("-m", "safegrid.local", "reset", env={"SAFEGRID_VAR": str(tmp_path)})
    assert process.communicate(timeout=60)[0] == ""
    assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]
