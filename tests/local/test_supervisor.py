"""Programs that die, fail to start, complain, and an owner that is killed."""

import os
import signal
from pathlib import Path

from tests.local.processes import marked, until

SCRIPT = """
import sys
from pathlib import Path
from safegrid.local.processes import LocalError, Processes
from safegrid.local.programs import Program
from safegrid.local.signals import Stopped, raise_stopped
from safegrid.local.supervisor import Supervisor
from safegrid.local.terminal import say

folder = Path(sys.argv[1])
raise_stopped()
try:
    with Processes() as processes:
        temporary = processes.temporary_folder("safegrid-test-")
        (folder / "temporary").write_text(str(temporary))
        supervisor = Supervisor(processes)
        supervisor.start([
            Program(
                name=path.stem,
                command=["/bin/sh", path, temporary],
                log=folder / f"{path.stem}.log",
                is_ready=(folder / f"{path.stem}.ready").exists,
                patience=0.5,
            )
            for path in sorted(folder.glob("*.sh"))
        ])
        say("started")
        supervisor.watch()
except LocalError as error:
    say(f"error: {error}")
except Stopped:
    say("stopped")
"""


def supervise(start, folder: Path, **programs: str):
    """A supervisor over shell scripts; `$READY` in a script says that it serves."""
    for name, script in programs.items():
        (folder / f"{name}.sh").write_text(script.replace("$READY", f'touch "{folder}/{name}.ready"'))
    return start("-c", SCRIPT, folder)


def test_a_dead_program_is_said_and_started_again(start, mark, tmp_path):
    supervisor = supervise(start, tmp_path, web="$READY; echo began; sleep 0.5; exit 3")
    assert supervisor.stdout.readline() == "started\n"
    assert "web ended (exit code 3); starting it again in 1 s" in supervisor.stdout.readline()
    assert "web ended (exit code 3); starting it again in 2 s" in supervisor.stdout.readline()
    assert (tmp_path / "web.log").read_text() == "began\nbegan\n"
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0


def test_errors_in_a_log_are_shown_and_the_rest_is_not(start, tmp_path):
    event = '{"event": "Mail failed", "level": "error", "exception": "Traceback\\\\nTimeoutError: 10 s"}'
    script = f"$READY; sleep 0.3; echo all is well; echo '{event}'; echo '[1] [ERROR] boom'; sleep 60"
    supervisor = supervise(start, tmp_path, worker=script)
    assert [supervisor.stdout.readline() for _ in range(3)] == [
        "started\n",
        "worker: error: Mail failed: TimeoutError: 10 s\n",
        "worker: [1] [ERROR] boom\n",
    ]
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.stdout.read() == "stopped\n"


def test_a_program_that_cannot_start_ends_the_run_with_its_own_words(start, tmp_path):
    supervisor = supervise(start, tmp_path, beat="$READY; sleep 60", web="echo no such table; exit 1")
    output = supervisor.communicate(timeout=60)[0]
    assert output.startswith("error: web ended at once")
    assert output.endswith("no such table\n")


def test_being_asked_to_end_stops_even_the_stubborn(start, mark, tmp_path):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        supervisor = supervise(
            start,
            tmp_path,
            web="trap '' TERM INT HUP; $READY; while :; do sleep 0.1; done",
            beat="$READY; sleep 60",
        )
        assert supervisor.stdout.readline() == "started\n"
        supervisor.send_signal(number)
        assert supervisor.communicate(timeout=10)[0] == "stopped\n"
        assert not marked(mark)
        assert not Path((tmp_path / "temporary").read_text()).exists()


def test_a_killed_supervisor_leaves_nothing_behind(start, mark, tmp_path):
    supervisor = supervise(
        start,
        tmp_path,
        web="trap '' TERM; $READY; (sleep 61) & while :; do sleep 0.1; done",
        beat="$READY; sleep 60",
    )
    assert supervisor.stdout.readline() == "started\n"
    temporary = Path((tmp_path / "temporary").read_text())
    assert len(marked(mark)) >= 5
    assert temporary.exists()
    supervisor.kill()
    assert until(lambda: not marked(mark), 10), marked(mark)
    assert not temporary.exists()


def test_a_supervisor_whose_guard_was_killed_still_stops_everything(start, mark, tmp_path):
    supervisor = supervise(start, tmp_path, web="$READY; sleep 60")
    assert supervisor.stdout.readline() == "started\n"
    guard = next(line for line in marked(mark) if "guard.py" in line)
    os.kill(int(guard.split()[0]), signal.SIGKILL)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.communicate(timeout=10)[0] == "stopped\n"
    assert not marked(mark)
