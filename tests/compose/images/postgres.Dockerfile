# Stands in for postgres:18.
FROM stand-in
COPY root /
COPY postgres.sh /usr/local/bin/docker-entrypoint.sh
RUN mkdir -p /var/lib/postgresql /docker-entrypoint-initdb.d && chown postgres /var/lib/postgresql \
    && chmod 755 /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/18/bin:$PATH PGDATA=/var/lib/postgresql/18/docker LANG=C.UTF-8
VOLUME /var/lib/postgresql
USER postgres
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
