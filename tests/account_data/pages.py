"""What an owner does on the pages of one's own data."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.accounts import confirm_password


def content(response):
    """What was downloaded."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def export(client):
    """Export everything as its owner does; return the response with the file."""
    page = confirm_password(client).post(reverse("account_data:export"), follow=True)
    return client.get(page.headers["Refresh"].removeprefix("0; url="))


def send(client, data, name="export.json"):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post(reverse("account_data:import"), {"file": SimpleUploadedFile(name, data)}, follow=True)
