# Stands in for valkey/valkey, whose build takes clients of other machines without a password.
FROM stand-in
RUN mkdir /data && chown valkey /data
COPY redis.sh /usr/local/bin/entrypoint.sh
RUN chmod 755 /usr/local/bin/entrypoint.sh
VOLUME /data
WORKDIR /data
USER valkey
ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]
CMD ["valkey-server"]
