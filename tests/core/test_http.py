"""Uploads of any size: 100 MB are read past, in little memory, and nothing of them is kept."""

import io
import tracemalloc

import pytest
from django.core.files import temp
from django.test import Client
from django.urls import reverse

from careerplan.account_data.models import DataFile

pytestmark = pytest.mark.django_db
SIZE, BOUNDARY = 100_000_000, "x7191"
MOST_MEMORY = 10_000_000
FILE = 'name="file"; filename="a.json"'
PAGES = ["account_data:import", "imports:choose"]


class Endless(io.RawIOBase):
    """The body of a request as a server gives it, made while it is read: `size` bytes in a part of a form."""

    def __init__(self, part: str, size: int) -> None:
        self.head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n\r\n".encode()
        self.tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        self.length, self.place = len(self.head) + size + len(self.tail), 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        assert 0 <= size <= 1_000_000, "so much is not asked for at once"
        start, self.place = self.place, min(self.place + size, self.length)
        end_of_middle = self.length - len(self.tail)
        middle = max(0, min(self.place, end_of_middle) - max(start, len(self.head)))
        head, tail = self.head[start : self.place], self.tail[max(0, start - end_of_middle) :]
        return head + b"x" * middle + tail[: max(0, self.place - max(start, end_of_middle))]


def send(client, name, part, *, size=SIZE, said=None):
    """POST it; gives the answer, the most memory that it took, and how much was read."""
    body = Endless(part, size)
    tracemalloc.start()
    try:
        response = client.request(
            REQUEST_METHOD="POST",
            PATH_INFO=reverse(name),
            CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
            CONTENT_LENGTH=str(said or body.length),
            **{"wsgi.input": body},
        )
        return response, tracemalloc.get_traced_memory()[1], body.place
    finally:
        tracemalloc.stop()


@pytest.fixture
def written(monkeypatch):
    """The temporary files that uploads were put into."""
    made = []
    named = temp.NamedTemporaryFile
    monkeypatch.setattr(temp, "NamedTemporaryFile", lambda **how: made.append(how) or named(**how))
    return made


@pytest.fixture
def uploader(signed_in, written):
    """A signed-in user who has opened all pages before, so that caches are full."""
    for name in PAGES:
        send(signed_in, name, FILE, size=3_000_000)
    assert len(written) == len(PAGES)  # what is not too big is put there
    written.clear()
    DataFile.objects.all().delete()  # a worker was to check the first
    return signed_in


@pytest.mark.parametrize("name", PAGES)
def test_hundred_megabyte_file_is_refused_with_little_memory(uploader, written, name):
    response, peak, _read = send(uploader, name, FILE)
    assert response.status_code == 200
    (reason,) = response.context["form"].errors["file"]
    assert "50 MB" in reason
    assert peak < MOST_MEMORY
    assert written == []
    assert not DataFile.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_hundred_megabytes_of_text_are_refused(uploader, name):
    response, peak, read = send(uploader, name, 'name="file"')
    assert response.status_code in {400, 413}
    assert peak < MOST_MEMORY
    assert read < 2_000_000


@pytest.mark.parametrize("name", PAGES)
def test_upload_without_a_session_is_not_saved(written, name):
    response, peak, _read = send(Client(), name, FILE)
    assert (response.status_code, written) == (302, [])
    assert peak < MOST_MEMORY


def test_body_longer_than_content_length_is_not_read(signed_in):
    _response, _peak, read = send(signed_in, "account_data:import", FILE, said=20_000)
    assert read <= 20_000


def test_multipart_body_is_exact():
    body = Endless('name="a"', 5)
    whole = b"".join(iter(lambda: body.read(7), b""))
    assert whole == b'--x7191\r\nContent-Disposition: form-data; name="a"\r\n\r\nxxxxx\r\n--x7191--\r\n'
