"""The table on the terminal, and `var/bench.json`."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection

from bench.goals import Goal, Result

FILE = settings.VAR_DIR.parent.parent / "bench.json"
FORMAT = "{:<42} | {:>12} | {:>12} | {:>22} | {:>8} | {}"


class Report:
    """What has been measured so far."""

    def __init__(self, scale: float, rounds: int) -> None:
        self.scale, self.rounds = scale, rounds
        self.exit_code = 0
        self._goals: dict[str, Any] = {}

    @property
    def head(self) -> str:
        """The heading of the table."""
        titles = FORMAT.format("goal", "ours", "baseline", "ratio (min–median–max)", "target", "")
        return f"Scale {self.scale:g}, {self.rounds} rounds that count, {os.cpu_count()} cores\n\n{titles}"

    @property
    def foot(self) -> str:
        """Where it has been written down."""
        return f"\nEvery variant is in {FILE}; the table shows the worst of each goal."

    def add(self, goal: Goal, results: list[Result]) -> str:
        """Take in what was measured and return its line: of the variant furthest from the target."""
        worst = goal.worst(results)
        verdict = self._verdict(goal, goal.is_met(worst))
        self._goals[goal.key] = {
            "name": goal.name,
            "why": goal.why,
            "baseline": goal.baseline,
            "target": self._target(goal),
            "verdict": verdict,
            "worst": worst.variant,
            "variants": [
                {
                    "variant": result.variant,
                    "unit": result.unit,
                    "ours": result.ours,
                    "baseline": result.baseline,
                    "ratios": result.ratios,
                    **result.details,
                }
                for result in results
            ],
        }
        name = f"{goal.name} ({worst.variant})" if len(results) > 1 else goal.name
        ratios = worst.ratios
        spread = f"{min(ratios):.2f}–{worst.median:.2f}–{max(ratios):.2f}" if worst.baseline else ""
        return FORMAT.format(
            name,
            _figure(worst.ours, worst.unit),
            _figure(worst.baseline, worst.unit),
            spread,
            self._target(goal),
            verdict,
        )

    def fail(self, goal: Goal, error: Exception) -> str:
        """Take in that a goal could not be measured: that is a miss at any scale."""
        self.exit_code = 1
        self._goals[goal.key] = {"name": goal.name, "verdict": "ERROR", "error": repr(error)}
        return FORMAT.format(goal.name, "", "", "", self._target(goal), "ERROR")

    def write(self) -> None:
        """Write everything to the file."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
        machine = {
            "cores": os.cpu_count(),
            "machine": platform.machine(),
            "system": platform.system(),
            "python": platform.python_version(),
            "postgresql": version,
        }
        found = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "scale": self.scale,
            "rounds": self.rounds,
            "machine": machine,
            "goals": self._goals,
        }
        FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")

    def _verdict(self, goal: Goal, is_met: bool) -> str:
        if goal.at_most is None and goal.at_least is None:
            return ""
        if self.scale < goal.scale:
            return "met" if is_met else "missed, does not count at this scale"
        if not is_met:
            self.exit_code = 1
        return "PASS" if is_met else "FAIL"

    @staticmethod
    def _target(goal: Goal) -> str:
        if goal.at_most is not None:
            return f"≤ {goal.at_most:g}"
        return f"≥ {goal.at_least:g}" if goal.at_least is not None else ""


def _figure(values: list[float], unit: str) -> str:
    return f"{median(values):,.4g} {unit}" if values else ""
