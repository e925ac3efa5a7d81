# Two images from one file: `portal` (web, worker, beat) and `front` (nginx with the same static files).

FROM python:3.11-slim-bookworm AS packages
COPY requirements/production.txt /tmp/production.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/production.txt

FROM python:3.11-slim-bookworm AS portal
RUN useradd --uid 10001 --create-home safegrid \
    && install -d -o safegrid -g safegrid /srv/var /srv/media /srv/static
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SAFEGRID_VAR=/srv/var MEDIA_ROOT=/srv/media STATIC_ROOT=/srv/static
WORKDIR /opt/safegrid
COPY manage.py pyproject.toml ./
COPY safegrid safegrid
COPY responsibility responsibility
COPY hazards hazards
COPY inspections inspections
COPY analysis analysis
COPY templates templates
COPY static static
COPY locale locale
COPY deploy deploy
USER safegrid
# The key of this one step signs nothing and is not kept.
RUN SECRET_KEY=insecure-build python manage.py collectstatic --noinput
ENTRYPOINT ["sh", "deploy/start.sh"]
CMD ["web"]

FROM nginx:1.28-alpine AS front
COPY --from=portal /srv/static /srv/static
COPY deploy/nginx.conf.template /etc/nginx/templates/default.conf.template
COPY deploy/pages /srv/pages
ENV HTTP_PORT=80 HTTPS_PORT=443 RESOLVER=127.0.0.11 WEB_ADDRESS=web:8000 CERTIFICATES=/srv/certificates \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media MEDIA_ACCEL_PREFIX=/protected-media/ PAGES=/srv/pages
