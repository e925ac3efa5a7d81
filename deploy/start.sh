#!/bin/sh
# Start one part of the portal in production: `start.sh migrate | web | worker | beat`.
# Each refuses to start with insecure settings: a default secret, DEBUG, demo accounts.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
    migrate)
        python manage.py migrate --noinput
        exec python manage.py load_ground
        ;;
    web | worker | beat) python manage.py check --deploy --database default --fail-level WARNING ;;
    *) echo "usage: start.sh migrate | web | worker | beat" >&2; exit 2 ;;
esac

case "$1" in
    web)
        # Where its processes add up what /metrics shows.
        PROMETHEUS_MULTIPROC_DIR="$(mktemp -d)"
        export PROMETHEUS_MULTIPROC_DIR
        exec python -m gunicorn --config deploy/gunicorn.conf.py safegrid.wsgi:application
        ;;
    worker) exec python -m celery --app safegrid worker --loglevel INFO --concurrency "${WORKER_PROCESSES:-2}" ;;
    beat) exec python -m celery --app safegrid beat --loglevel INFO --schedule "$SAFEGRID_VAR/beat-schedule" ;;
esac
