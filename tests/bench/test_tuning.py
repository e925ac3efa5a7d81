"""The page, the file and what the benchmark uses say the same."""

import re
from pathlib import Path

import yaml

from bench import tuning

ROOT = Path(__file__).parents[2]


def test_the_page_names_each_setting_with_its_value_and_no_other():
    text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `([a-z_]+)` \| `([^`]+)` \|", text, re.MULTILINE)) == tuning.production()


def test_settings_are_read_as_postgresql_reads_them(tmp_path, monkeypatch):
    file = tmp_path / "postgresql.conf"
    file.write_text("# a remark\n\nwork_mem = 16MB  # why\nlog_line_prefix = '%m '\n")
    monkeypatch.setattr(tuning, "FILE", file)
    assert tuning.production() == {"work_mem": "16MB", "log_line_prefix": "%m "}


def test_production_starts_with_the_file():
    postgres = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["postgres"]
    source, target, mode = next(v for v in postgres["volumes"] if v.startswith("./")).split(":")
    assert (ROOT / source).resolve() == tuning.FILE
    assert f"config_file={target}" in postgres["command"]
    assert "listen_addresses=*" in postgres["command"]  # the image's own file says it, and is not read
    assert mode == "ro"
