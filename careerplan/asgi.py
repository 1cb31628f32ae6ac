"""The application that granian serves: Django's WSGI handler behind a buffer for slow clients."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerplan.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from careerplan.core.buffering import BufferedApplication
from careerplan.core.http import FORM_BYTES
from careerplan.core.views import refusal

THREADS = 2
"""Of a worker process: one that waits for the database does not keep the other from answering."""

application = BufferedApplication(
    get_wsgi_application(),
    page=refusal,
    threads=THREADS,
    most_bytes=settings.MAX_UPLOAD_BYTES + FORM_BYTES,
)
