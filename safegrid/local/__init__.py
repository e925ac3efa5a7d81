"""Running SafeGrid on one machine that has nothing prepared: its own PostgreSQL and Valkey, one supervisor.

`python -m safegrid.local run` is the portal, `exec -- COMMAND` gives a command throw-away servers (tests,
benchmarks) and `reset` forgets what `run` has kept. Production uses none of this.
"""
