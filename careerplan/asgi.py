"""The application that granian serves: Django's WSGI handler behind a buffer for slow clients."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerplan.settings")

from careerplan.core.shared_counts import share_counts

share_counts(os.getppid())  # before the metrics are imported

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from careerplan.celery import app
from careerplan.core.buffering import BufferedApplication
from careerplan.core.http import FORM_BYTES
from careerplan.core.pooling import refuse_shared_connections
from careerplan.core.views import refusal

django_application = get_wsgi_application()
# A person waits: shorter than for a worker. A page with two waits still answers within 5 seconds.
connections.settings["default"]["OPTIONS"]["statement_seconds"] = settings.PAGE_STATEMENT_TIMEOUT_SECONDS
app.conf.broker_transport_options |= {"socket_timeout": 1, "socket_connect_timeout": 1}
app.conf.task_publish_retry = False
refuse_shared_connections()

application = BufferedApplication(
    django_application,
    page=refusal,
    threads=settings.WEB_THREADS,
    most_bytes=settings.MAX_UPLOAD_BYTES + FORM_BYTES,
    proxies=settings.TRUSTED_PROXY_COUNT,
)
