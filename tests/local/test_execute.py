"""A command with throw-away servers around it."""

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.local.processes import marked, until

EXECUTE = ("-m", "safegrid.local", "exec", "--", sys.executable, "-c")
PROBE = """
import json, os, dj_database_url, psycopg2, redis
place = dj_database_url.parse(os.environ["DATABASE_URL"])
connection = psycopg2.connect(
    host=place["HOST"], port=place["PORT"], user=place["USER"], dbname=place["NAME"]
)
cursor = connection.cursor()
cursor.execute("SELECT current_setting('server_version_num')::int / 10000, lower('Ж'), 'B' < 'a'")
redis.Redis.from_url(os.environ["REDIS_URL"]).set("key", "西宁")
print(json.dumps({
    "row": cursor.fetchone(),
    "value": redis.Redis.from_url(os.environ["REDIS_URL"]).get("key").decode(),
    "folder": place["HOST"],
    "var": os.environ["SAFEGRID_VAR"],
    "debug": os.environ["DEBUG"],
    "key": len(os.environ["SECRET_KEY"]),
}))
"""


def test_the_command_finds_both_servers_and_they_go_with_it(start, mark):
    process = start(*EXECUTE, PROBE)
    said = json.loads(process.communicate(timeout=60)[0])
    assert said["row"] == [18, "ж", True]
    assert said["value"] == "西宁"
    assert said["debug"] == "true"
    assert said["key"] >= 50
    assert process.returncode == 0
    assert not Path(said["folder"]).exists()
    assert not Path(said["var"]).exists()
    assert not marked(mark, said["folder"], said["var"])


def test_servers_of_the_callers_own_are_not_touched(start):
    process = start(
        *EXECUTE, PROBE, env={"DATABASE_URL": "postgres://nobody@192.0.2.1/x", "REDIS_URL": "redis://x"}
    )
    assert json.loads(process.communicate(timeout=60)[0])["value"] == "西宁"


@pytest.mark.parametrize(
    ("script", "code"),
    [("raise SystemExit(5)", 5), ("import os; os.kill(os.getpid(), 9)", 137)],
)
def test_the_exit_code_is_the_commands(start, script, code):
    assert start(*EXECUTE, script).wait(60) == code


def test_a_command_that_does_not_exist_is_said_in_one_line(start):
    process = start("-m", "safegrid.local", "exec", "--", "no-such-command")
    assert process.communicate(timeout=60)[0] == "no-such-command: No such file or directory\n"
    assert process.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_it_is_ended(start, mark, number):
    script = "import time; print(__import__('os').environ['SAFEGRID_VAR'], flush=True); time.sleep(99)"
    process = start(*EXECUTE, script)
    var = Path(process.stdout.readline().strip())
    assert len(marked(mark, var)) >= 5
    process.send_signal(number)
    assert process.wait(10) == (-9 if number == signal.SIGKILL else 128 + number)
    assert until(lambda: not marked(mark, var), 10), marked(mark, var)
    assert until(lambda: not var.parent.exists(), 2)
