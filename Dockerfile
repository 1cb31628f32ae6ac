# One image for web, worker and beat; what a container does is its command (docker-compose.yml).
FROM python:3.13-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
# Every file is checked against its hash; nothing is compiled.
RUN /opt/venv/bin/pip install --only-binary=:all: --require-hashes -r /tmp/requirements.lock

FROM python:3.13-slim-trixie

ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 STATIC_ROOT=/srv/static
# pg_dump and pg_restore of the server's version, for `manage.py backup` and `restore`.
ARG POSTGRES=18
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends "postgresql-client-$POSTGRES" \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --home-dir /srv --shell /usr/sbin/nologin careerplan \
    && mkdir -p /srv/static /srv/app /srv/backups && chown careerplan /srv/backups
WORKDIR /srv/app
COPY --from=build /opt/venv /opt/venv
COPY manage.py ./
COPY careerplan careerplan
COPY accounts accounts
COPY templates templates
COPY static static
# The embedded servers are for laptops and tests.
RUN rm -r careerplan/local
# The commit, which /health/, every page and `manage.py --version` show: docker compose build --build-arg REVISION=...
ARG REVISION=""
RUN if [ -n "$REVISION" ]; then echo "$REVISION" > careerplan/revision.txt; fi
LABEL org.opencontainers.image.title="Careerplan" org.opencontainers.image.revision="$REVISION"
# collectstatic needs valid settings but no services; none of these values stays in the image.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789 ALLOWED_HOSTS=localhost BASE_URL=http://localhost \
    DATABASE_URL=postgres://localhost/none REDIS_URL=redis://localhost EMAIL_URL=smtp://localhost \
    EMAIL_FROM=none@localhost.invalid python manage.py collectstatic --no-input \
    && python -m compileall -q careerplan accounts
USER careerplan
EXPOSE 8000
CMD ["sh", "-c", "exec granian --interface asginl --host 0.0.0.0 --port 8000 --workers ${WEB_PROCESSES:-2} \
     --respawn-failed-workers --pid-file /tmp/web.pid --log-config careerplan/granian-logs.json \
     careerplan.asgi:application"]
