"""Run production's parts on loopback: `python -m tests.deploy.portal NGINX`.

PostgreSQL and a Redis-compatible server; migrate, web, worker and beat by `deploy/start.sh`; nginx with
`deploy/nginx.conf.template`. Prints one JSON line with where everything is, and stops all when asked to end.
"""

import datetime as dt
import ipaddress
import json
import os
import re
import secrets
import socket
import ssl
import subprocess
import sys
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from safegrid.local import portal, servers
from safegrid.local.processes import LocalError
from safegrid.local.programs import Program
from safegrid.local.signals import Stopped, raise_stopped
from safegrid.local.supervisor import Supervisor
from safegrid.local.terminal import say

HOST = "127.0.0.1"
MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    include {folder}/portal.conf;
}}
"""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    probes = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def make_certificate(folder: Path) -> None:
    """A certificate for loopback, signed by itself, where nginx looks for one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def nginx_configuration(folder: Path, environment: dict[str, str]) -> Path:
    """The template filled in as the nginx image does it, below a main part that keeps to `folder`."""
    template = (portal.ROOT / "deploy/nginx.conf.template").read_text()
    filled = re.sub(r"\$\{(\w+)\}", lambda match: environment[match[1]], template)
    (folder / "portal.conf").write_text(filled)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    return folder / "nginx.conf"


def greets(port: int, context: ssl.SSLContext) -> bool:
    """Whether somebody speaks TLS on a port."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            context.wrap_socket(connection, server_hostname=HOST).close()
    except OSError:
        return False
    return True


def production(folder: Path, addresses: dict[str, str]) -> dict[str, str]:
    """What docker-compose.yml and its images set, with addresses on loopback."""
    web, http, https = free_ports(3)
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SAFEGRID_TEST": os.environ.get("SAFEGRID_TEST", ""),
        "SECRET_KEY": secrets.token_hex(32),
        "LEDGER_KEY": secrets.token_hex(32),
        "REPORTS_KEY": secrets.token_hex(32),
        "METRICS_TOKEN": secrets.token_hex(32),
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}:{https}",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "safegrid@portal.example",
        "BEHIND_PROXY": "true",
        "SAFEGRID_VAR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "MEDIA_ACCEL_PREFIX": "/protected-media/",
        "STATIC_ROOT": str(folder / "static"),
        "WEB_BIND": f"{HOST}:{web}",
        "WEB_ADDRESS": f"{HOST}:{web}",
        "HTTP_PORT": str(http),
        "HTTPS_PORT": str(https),
        "RESOLVER": HOST,
        "CERTIFICATES": str(folder),
        "PAGES": str(portal.ROOT / "deploy/pages"),
        **addresses,
    }


def main(nginx: str) -> None:
    """Start everything, say where it is, and look after it until asked to end."""
    with servers.throwaway() as (processes, local):
        folder = Path(local["SAFEGRID_VAR"])
        environment = production(folder, {name: local[name] for name in ("DATABASE_URL", "REDIS_URL")})
        supervisor = Supervisor(processes)
        options = {"env": environment, "cwd": portal.ROOT}
        start = ["sh", "deploy/start.sh"]
        # The schema's own page is left out: its script is large and takes long to compress.
        collect = "python manage.py collectstatic --noinput --ignore drf_spectacular_sidecar"
        for command in ([*start, "migrate"], collect.split()):
            done = processes.run(command, stdout=subprocess.DEVNULL, **options)
            if done.returncode:
                raise LocalError(done.stderr.decode())
        make_certificate(folder)
        context = ssl.create_default_context(cafile=folder / "tls.crt")
        log = folder / "log"
        program = partial(Program, options=options)
        web, https = (int(environment[name].rpartition(":")[2]) for name in ("WEB_BIND", "HTTPS_PORT"))
        supervisor.start(
            [
                program(
                    name="web",
                    command=[*start, "web"],
                    log=log / "web.log",
                    is_ready=partial(portal.answers, web),
                ),
                program(
                    name="worker",
                    command=[*start, "worker"],
                    log=log / "worker.log",
                    is_ready=portal.Says(" ready.", log / "worker.log"),
                ),
                program(
                    name="beat",
                    command=[*start, "beat"],
                    log=log / "beat.log",
                    is_ready=portal.Says("beat: Starting...", log / "beat.log"),
                ),
                program(
                    name="nginx",
                    command=[nginx, "-e", "stderr", "-c", nginx_configuration(folder, environment)],
                    log=log / "nginx.log",
                    is_ready=partial(greets, https, context),
                ),
            ]
        )
        say(json.dumps(environment))
        supervisor.watch()


if __name__ == "__main__":
    raise_stopped()
    try:
        main(sys.argv[1])
    except LocalError as error:
        say(str(error))
        sys.exit(1)
    except Stopped:
        pass
