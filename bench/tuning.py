"""How production tunes PostgreSQL, read from the one file that says so."""

from safegrid.local.portal import ROOT

FILE = ROOT / "deploy/postgresql.conf"

SEEDING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "maintenance_work_mem": "1GB",
    "max_parallel_maintenance_workers": "4",
    "autovacuum": "off",
}
"""On top of production's, while the data are made: a power cut then only means to make them again."""


def production() -> dict[str, str]:
    """Return the settings of `deploy/postgresql.conf`, by name."""
    lines = (line.partition("#")[0] for line in FILE.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line.strip())
    return {name.strip(): value.strip().strip("'") for name, _equals, value in pairs}
