"""The whole thing as real processes, on a fiftieth of the city."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.local.conftest import ROOT, mark, open_folder, start  # noqa: F401 (fixtures)
from tests.local.processes import marked, until

BENCH = ("-m", "bench")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]  # measured once


def environment(var: Path) -> dict[str, str]:
    return {"SCALE": "0.02", "ROUNDS": "2", "SAFEGRID_VAR": str(var)}


@pytest.fixture
def var(open_folder):  # noqa: F811
    return open_folder / "var"


@pytest.fixture(scope="module")
def measured() -> tuple[str, dict[str, Any]]:
    """What the table and the file say of everything that counts at this scale."""
    with tempfile.TemporaryDirectory(prefix="safegrid-test-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        command = [sys.executable, *BENCH, "-k", "hello,counts,audit"]
        env = os.environ | environment(folder / "var")
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        found = json.loads((folder / "var/bench.json").read_text())["goals"]
        again = subprocess.run([*command[:-1], "nothing"], cwd=ROOT, env=env, capture_output=True, text=True)
        assert "Making" in done.stdout, done.stdout + done.stderr
        assert "Making" not in again.stdout  # the data have been kept
        assert again.returncode == 0, again.stderr
    return done.stdout, found


@pytest.mark.parametrize(
    "key",
    [
        "counts_queries",
        "counts_queries_alike",
        "counts_rows",
        "counts_rows_narrow",
    ],
)
def test_queries_and_rows_of_pages_are_within_their_budgets(measured, key):
    said, goals = measured
    assert goals[key]["verdict"] == "PASS", said


def test_the_audit_finds_what_is_planted_in_a_city_of_cells_and_nothing_else(measured):
    """Whenever something else is found, before or after a change, the goal cannot be measured."""
    for goal in ("audit", "audit_touched"):
        assert measured[1][goal]["verdict"] != "ERROR", measured[1][goal]["error"]


def test_the_empty_page_is_measured_in_each_round(measured):
    variants = measured[1]["hello"]["variants"]
    assert len(variants) == 4
    assert all(len(each["ratios"]) == 2 for each in variants)
    assert all(0.1 < ratio < 10 for each in variants for ratio in each["ratios"])


def test_most_hazards_are_closed_and_of_the_others_some_are_late(measured):
    said = next(line for line in measured[0].splitlines() if "of the hazards:" in line)
    closed, awaited, late = (float(share) for share in re.findall(r"([0-9.]+)%", said))
    assert 67 < closed < 73
    assert 15 < awaited < 25
    assert 1 < late < awaited / 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_it_is_ended(start, mark, var, number):  # noqa: F811
    process = start(*BENCH, env=environment(var))
    assert "Making" in process.stdout.readline()
    assert "tables" in process.stdout.readline()
    process.send_signal(number)
    assert process.wait(90) == (-9 if number == signal.SIGKILL else 128 + number)
    assert until(lambda: not marked(mark, var), 90), marked(mark, var)
    assert not (var / "bench/0.02/data.stamp").exists()


@pytest.mark.parametrize("scale", ["0", "much", "11"])
def test_an_odd_scale_is_refused_in_one_line(start, var, scale):  # noqa: F811
    process = start(*BENCH, env=environment(var) | {"SCALE": scale})
    said = process.communicate(timeout=60)[0]
    assert said == f"SCALE must be a number from 0.001 to 10, not {scale!r}.\n"
    assert process.returncode == 1
