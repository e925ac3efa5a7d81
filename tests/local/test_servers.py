"""The kept servers: crashes, power cuts, a second start, root, ordinary users, odd folders."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.local.processes import marked, until

KEEP = """
import json, signal, sys
from pathlib import Path
from safegrid.local import postgres, servers
from safegrid.local.processes import LocalError, Processes
from safegrid.local.signals import Stopped, raise_stopped
from safegrid.local.supervisor import Supervisor
from safegrid.local.terminal import say

raise_stopped()
var = Path(sys.argv[1])
try:
    with servers.only_one(var) as lock, Processes(keep_open=(lock,)) as processes:
        sockets = processes.temporary_folder("safegrid-test-")
        programs, addresses = servers.prepare(
            processes, var=var, sockets=sockets, keep=True, pass_fds=(lock,)
        )
        Supervisor(processes).start(programs)
        say(json.dumps(addresses | {"data": str(programs[0].command[2])}))
        signal.pause()
except LocalError as error:
    say(str(error))
    sys.exit(1)
except Stopped:
    pass
"""
QUERY = """
import sys, dj_database_url, psycopg2, redis
place = dj_database_url.parse(sys.argv[1])
connection = psycopg2.connect(
    host=place["HOST"], port=place["PORT"], user=place["USER"], dbname=place["NAME"]
)
connection.autocommit = True
cursor = connection.cursor()
cursor.execute("CREATE TABLE IF NOT EXISTS visit (day int)")
cursor.execute("INSERT INTO visit VALUES (1)")
cursor.execute("SELECT count(*) FROM visit")
print(cursor.fetchone()[0], redis.Redis.from_url(sys.argv[2]).incr("visits"))
"""
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def keep(start, var: Path, **options: Any):
    """Start the kept servers of a folder; returns the process and where they are."""
    process = start("-c", KEEP, var, **options)
    line = process.stdout.readline()
    assert line.startswith("{"), line + process.stdout.read()
    return process, json.loads(line)


def visit(start, places: dict[str, str], **options: Any) -> str:
    """Write one row to each server; returns how many each has now."""
    output = start("-c", QUERY, places["DATABASE_URL"], places["REDIS_URL"], **options).communicate(
        timeout=20
    )
    return output[0].strip()


def sockets_of(places: dict[str, str]) -> Path:
    """The folder with the sockets."""
    return Path(places["REDIS_URL"].removeprefix("unix://").partition("?")[0]).parent


def test_data_survive_a_stop_in_a_folder_with_a_difficult_name(start, open_folder):
    var = open_folder / '安全 网格\'s "var"'
    for count in ("1 1", "2 2"):
        process, places = keep(start, var)
        assert visit(start, places) == count
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert not marked(var)


def test_data_survive_the_death_of_supervisor_and_guard_and_servers_at_once(start, mark, open_folder):
    process, places = keep(start, open_folder)
    assert visit(start, places) == "1 1"
    # As at a power cut: no process gets to do anything, and its files stay.
    for number in [int(line.split()[0]) for line in marked(mark, open_folder)]:
        with suppress(ProcessLookupError):  # it ended when a server that it served was gone
            os.kill(number, signal.SIGKILL)
    process.wait()
    shutil.rmtree(sockets_of(places))
    assert until(lambda: not marked(mark, open_folder), 5)
    assert (Path(places["data"]) / "postmaster.pid").exists()
    (Path(places["data"]) / "postmaster.pid").write_text(f"{os.getpid()}\n{places['data']}\n")
    process, places = keep(start, open_folder)
    assert visit(start, places)[0] == "2"  # Valkey may lose its last second, PostgreSQL nothing


def test_a_second_start_in_the_same_folder_says_that_one_is_running(start, open_folder):
    process, _ = keep(start, open_folder)
    second = start("-c", KEEP, open_folder)
    assert second.communicate(timeout=60)[0] == f"SafeGrid is already running here (process {process.pid}).\n"
    assert second.returncode == 1


def test_a_start_right_after_a_kill_waits_for_what_is_still_stopping(start, open_folder):
    process, places = keep(start, open_folder)
    assert visit(start, places) == "1 1"
    process.kill()
    process.wait()
    _, places = keep(start, open_folder)
    assert visit(start, places) == "2 2"


def test_a_data_folder_of_another_version_is_refused_plainly(start, open_folder):
    process, places = keep(start, open_folder)
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    (Path(places["data"]) / "PG_VERSION").write_text("17\n")
    output = start("-c", KEEP, open_folder).communicate(timeout=60)[0]
    assert "was made by PostgreSQL 17, this is 18: `make reset` begins anew." in output


def test_only_who_started_the_servers_is_let_in(start, open_folder):
    _, places = keep(start, open_folder)
    sockets = sockets_of(places)
    assert (sockets / "postgres").stat().st_mode & 0o077 == 0
    assert (sockets / "valkey.sock").stat().st_mode & 0o077 == 0
    assert (sockets / "hba.conf").read_text() == "local all all peer map=portal\n"


@ROOT_ONLY
def test_root_in_a_folder_closed_to_everybody_else(start, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data = None
    try:
        for count in ("1 1", "2 2"):
            process, places = keep(start, closed / "var")
            data = Path(places["data"])
            assert visit(start, places) == count
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            assert not marked(data)
        assert not data.is_relative_to(tmp_path)
        assert data.parent.stat().st_uid == 0
        assert data.parent.stat().st_mode & 0o022 == 0
        assert data.stat().st_uid != 0
        assert data.stat().st_mode & 0o077 == 0
        assert closed.stat().st_mode & 0o777 == 0o700
        assert start("-m", "safegrid.local", "reset", env={"SAFEGRID_VAR": str(closed / "var")}).wait(60) == 0
        assert not data.parent.exists()
    finally:
        if data:
            shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def strangers_copy(tmp_path_factory) -> Path:
    """A copy of the project and its packages that every user can read, wherever this project is."""
    root = Path("/tmp") / tmp_path_factory.getbasetemp().name / "ordinary user"
    shutil.rmtree(root.parent, ignore_errors=True)
    root.mkdir(parents=True)
    project = Path(__file__).parents[2]
    shutil.copytree(project / "safegrid", root / "safegrid")
    packages = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    shutil.copytree(packages, root / "packages", copy_function=_link)
    yield root
    shutil.rmtree(root.parent)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _python_of(identity: dict[str, Any]) -> str:
    """A Python of our version that a user may run: ours can be in a closed home."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        with suppress(OSError):
            if not subprocess.run([python, "-c", ""], cwd="/", check=False, **identity).returncode:
                return python
    if os.environ.get("CI") == "true":
        pytest.fail(f"nobody has no {name} to run")
    pytest.skip(f"nobody has no {name} to run")


@ROOT_ONLY
def test_an_ordinary_user(start, strangers_copy):
    """Started by root, this test becomes the ordinary user `nobody`."""
    nobody = pwd.getpwnam("nobody")
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    home = strangers_copy / "家"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    options = identity | {
        "python": _python_of(identity),
        "cwd": strangers_copy,
        "env": {"PYTHONPATH": f"{strangers_copy}:{strangers_copy}/packages", "HOME": str(home)},
    }
    process, places = keep(start, home / "var", **options)
    assert visit(start, places, **options) == "1 1"
    assert (home / "var/postgres").stat().st_uid == nobody.pw_uid
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert not marked(home)
