"""The web server in production. Its processes and threads come from the environment."""

import gc
import os

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60  # seconds without a sign of life of the process; a thread may write an export for longer
graceful_timeout = 20
max_requests = 5000  # then a fresh process, against slow leaks
max_requests_jitter = 500
# Heartbeats that never wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True
accesslog = "-"


def post_worker_init(worker: object) -> None:
    """Let the collector of cycles leave alone what the process has loaded, and look less often.

    A page makes some thousand tuples that nothing keeps; to look through all of the portal for them takes
    longer than to answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
