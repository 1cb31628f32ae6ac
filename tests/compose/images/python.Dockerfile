# Stands in for python:3.13-slim: pip and apt find here what they would fetch.
FROM stand-in
RUN ln -s python3 /usr/bin/python && echo 'deb [trusted=yes] file:/opt/packages ./' > /etc/apt/sources.list
COPY packages /opt/packages
COPY wheels /opt/wheels
ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/opt/wheels
