"""The mail catcher keeps what it has promised to keep."""

import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from careerplan.local import mailbox
from careerplan.local.mailcatcher import Store
from careerplan.local.processes import ROOT, wait_until
from careerplan.local.servers import free_port, port_is_used

PASSWORD = "only-for-the-tests"


def write_password(path: Path) -> Path:
    """The file with the password."""
    path.write_text(f"{PASSWORD}\n")
    return path


class Catcher:
    """A mail catcher that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        argv = ["-m", "careerplan.local.mailcatcher", "--port", str(self.port), "--dir", str(folder)]
        argv += ["--password-file", str(write_password(folder.with_name("mail-password")))]
        self.process = subprocess.Popen([sys.executable, *argv], cwd=ROOT, stdout=subprocess.DEVNULL)
        assert wait_until(lambda: port_is_used(self.port), 30)

    def client(self, password: str = PASSWORD) -> smtplib.SMTP:
        """A connection to it, signed in; without a password it is not."""
        client = smtplib.SMTP("127.0.0.1", self.port, timeout=10)
        if password:
            client.login("careerplan", password)
        return client


@pytest.fixture(scope="module")
def catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    """One catcher for all tests here."""
    catcher = Catcher(tmp_path_factory.mktemp("mail"))
    yield catcher
    catcher.process.send_signal(signal.SIGTERM)
    assert catcher.process.wait(30) == 0


@pytest.fixture(autouse=True)
def _empty(catcher: Catcher) -> None:
    for path in catcher.folder.iterdir():
        path.unlink()


def message(subject: str) -> EmailMessage:
    """A message in text and HTML."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "plan@example.org", "ada@example.org", subject
    mail["List-Unsubscribe"] = "<https://example.org/" + "x" * 100 + ">"
    mail.set_content("Grüße in text")
    mail.add_alternative("<html><head></head><p>Grüße in HTML</p></html>", subtype="html")
    return mail


def test_a_message_is_on_the_disk_before_the_answer(catcher: Catcher) -> None:
    with catcher.client() as client:
        client.helo()
        client.mail("plan@example.org")
        client.rcpt("ada@example.org")
        assert client.data(b"Subject: one\r\n\r\nbody\r\n") == (250, b"Kept")
        kept = [path.read_bytes() for path in catcher.folder.iterdir()]
    assert kept == [b"Return-Path: <plan@example.org>\r\nDelivered-To: ada@example.org\r\nSubject: one\r\n\r\nbody\r\n"]


def test_mail_is_taken_only_from_us(catcher: Catcher) -> None:
    with catcher.client("") as stranger:
        stranger.ehlo()
        assert stranger.mail("plan@example.org")[0] == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            stranger.login("careerplan", "guessed")
        assert stranger.mail("plan@example.org")[0] == 530
    assert not list(catcher.folder.iterdir())


def test_names_sort_by_time_and_both_parts_are_read(catcher: Catcher) -> None:
    with catcher.client() as client:
        client.send_message(message("first ☀"))
        client.send_message(message("second"))
    newest, oldest = mailbox.newest(catcher.folder)
    assert (newest.subject, oldest.subject) == ("second", "first ☀")
    assert newest.to == "ada@example.org"
    assert newest.text == "Grüße in text\n"
    assert newest.html == "<html><head></head><p>Grüße in HTML</p></html>\n"
    assert newest.unsubscribe == "<https://example.org/" + "x" * 100 + ">"


def test_truncated_message_is_not_saved(catcher: Catcher) -> None:
    with socket.create_connection(("127.0.0.1", catcher.port)) as connection:
        for line in (b"HELO x", b"MAIL FROM:<a@example.org>", b"RCPT TO:<b@example.org>", b"DATA"):
            connection.recv(1000)
            connection.sendall(line + b"\r\n")
        connection.recv(1000)
        connection.sendall(b"Subject: half\r\n\r\nhal")
    with catcher.client() as client:
        client.send_message(message("whole"))
    assert [mail.subject for mail in mailbox.newest(catcher.folder)] == ["whole"]


def test_more_than_ten_megabytes_are_refused(catcher: Catcher) -> None:
    line = b"x" * 900 + b"\r\n"
    with catcher.client() as client:
        client.helo()
        client.mail("plan@example.org")
        client.rcpt("ada@example.org")
        assert client.data(line * (10 * 1024 * 1024 // len(line) + 2))[0] == 552
    assert list(catcher.folder.iterdir()) == []


def test_unfinished_messages_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".20270301T070000000000Z-000001.eml.part").write_bytes(b"half")
    Store(tmp_path).keep(b"Subject: whole\r\n\r\n")
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == b"Subject: whole\r\n\r\n"


def test_full_disk_is_a_temporary_error(catcher: Catcher) -> None:
    hidden = catcher.folder.rename(catcher.folder.with_name("hidden"))
    try:
        with catcher.client() as client, pytest.raises(smtplib.SMTPDataError) as refused:
            client.send_message(message("lost"))
        assert refused.value.smtp_code == 452
    finally:
        hidden.rename(catcher.folder)
