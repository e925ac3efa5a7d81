"""How groups of processes are ended."""

import signal
import subprocess
import time

from safegrid.local import guard
from tests.local.processes import marked, until


def shell(script: str, mark: str) -> subprocess.Popen[bytes]:
    """A group of its own that runs a script and says `ready` when it is."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", script, mark], start_new_session=True, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    return process


def group(process, *, wave=1, patience=0.3, signals=(signal.SIGTERM,)) -> guard.Group:
    return guard.Group(process.pid, wave, patience, signals)


def test_a_polite_process_ends_itself(mark):
    process = shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done", mark)
    guard.end([group(process, patience=5)])
    assert process.wait() in {0, 7}  # 0: its code was collected by `end`
    assert not marked(mark)


def test_who_ignores_the_polite_signal_is_killed_after_the_patience(mark):
    process = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done", mark)
    began = time.monotonic()
    guard.end([group(process)])
    assert 0.3 <= time.monotonic() - began < 2
    assert until(lambda: not marked(mark), 2)


def test_signals_are_sent_from_polite_to_stern(mark):
    process = shell("trap '' INT; trap 'exit 0' QUIT; echo ready; while :; do sleep 0.05; done", mark)
    began = time.monotonic()
    guard.end([group(process, signals=(signal.SIGINT, signal.SIGQUIT))])
    assert time.monotonic() - began < 5  # half a second for each signal, on a busy machine too
    assert not marked(mark)


def test_children_left_in_the_group_are_killed(mark):
    process = shell(
        f"(trap '' TERM; exec sleep 99) & (sh -c 'sleep 98; echo {mark}') & echo ready; wait", mark
    )
    guard.end([group(process)])
    assert until(lambda: not marked(mark), 2)


def test_higher_waves_go_first(mark, tmp_path):
    log = tmp_path / "log"
    script = f"trap 'sleep 0.3; echo $$ >>\"{log}\"; exit' TERM; echo ready; while :; do sleep 0.05; done"
    servers, portal = shell(script, mark), shell(script, mark)
    guard.end([group(servers, wave=1, patience=5), group(portal, wave=2, patience=5)])
    assert log.read_text().split() == [str(portal.pid), str(servers.pid)]


def test_a_group_survives_being_told_to_the_guard():
    told = guard.Group(12, 2, 1.5, (signal.SIGINT, signal.SIGQUIT))
    assert guard.Group.parse(*told.line().rstrip("\n").split("\t")[1:]) == told
