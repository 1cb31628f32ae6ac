"""What is built by hand parses back to what was meant, and nothing breaks out of a header."""

import email
import email.policy
import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.mail import UnsafeHeader, bare_address, build_message, one_line
from tests.each import each

# PostgreSQL keeps neither NUL nor lone surrogates; a form feed is white space to no mail program in particular.
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
MEANT = {
    "sender": "Careerplan <careerplan@example.org>",
    "to": "ruth@example.org",
    "subject": "Today: Ask",
    "text": "Hello\n",
    "html": "<p>Hello</p>\n",
    "headers": {"Message-ID": "<1@example.org>", "Date": "Fri, 05 Mar 2027 08:00:00 +0000"},
    "key": "0123456789abcdef",
}


def parsed(**changes):
    return email.message_from_bytes(build_message(**{**MEANT, **changes}), policy=email.policy.default)


def lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text.rstrip("\r\n"))


@given(TEXT, TEXT, TEXT)
def test_each_message_parses_back_to_its_parts(subject, text, html):
    mail = parsed(subject=one_line(subject), text=text, html=html)
    assert mail["Subject"] == one_line(subject)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for kind, meant in (("plain", text), ("html", html)):
        assert lines(mail.get_body((kind,)).get_payload(decode=True).decode()) == lines(meant)
    assert set(mail.keys()) == {"From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type"}
    assert mail.defects == []


@given(TEXT)
def test_no_line_is_longer_than_a_mail_server_takes(text):
    whole = build_message(**{**MEANT, "text": text * 50, "subject": one_line(text * 50)})
    assert max(map(len, whole.split(b"\r\n"))) <= 998
    assert whole.isascii()
    assert b"\n" not in whole.replace(b"\r\n", b"")
    assert b"\r" not in whole.replace(b"\r\n", b"")


BEFORE, AFTER = ("", "one\n", "x" * 899 + "\n", "one\n" * 500), ("", "\n", "\ntwo" * 500)


@each("before, length, after", list(product(BEFORE, (899, 900, 901, 998, 1800, 1801), AFTER)))
def test_long_lines_are_encoded(before, length, after):
    text = before + "y" * length + after
    is_short = length <= 900
    encoding = parsed(text=text).get_body(("plain",))["Content-Transfer-Encoding"]
    assert encoding == ("7bit" if is_short else "quoted-printable")
    whole = build_message(**{**MEANT, "text": text})
    assert max(map(len, whole.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\n "])
@pytest.mark.parametrize("where", ["sender", "subject", "header"])
def test_a_line_break_is_refused_in_every_header(where, end):
    evil = f"Ruth{end}Bcc: evil@example.org"
    changes = {"headers": {"List-Unsubscribe": evil}} if where == "header" else {where: evil}
    with pytest.raises(UnsafeHeader):
        build_message(**{**MEANT, **changes})


@pytest.mark.parametrize(
    "address",
    [
        *("ruth@example.org\r\nBcc: evil@example.org", "ruth\n@example.org", "", "ruth", "jörg@example.org"),
        *("ruth@bücher.example", '"a b"@example.org', f"{'r' * 65}@example.org", "ruth@[127.0.0.1]"),
    ],
)
@pytest.mark.parametrize("where", ["to", "sender"])
def test_an_address_is_never_changed_or_encoded(where, address):
    with pytest.raises(UnsafeHeader):
        build_message(**{**MEANT, where: address})


def test_a_senders_name_is_encoded_and_the_address_is_not():
    mail = parsed(sender="Karriereplänchen <plan@example.org>")
    assert mail["From"] == "Karriereplänchen <plan@example.org>"
    assert b"<plan@example.org>" in build_message(**{**MEANT, "sender": "Karriereplänchen <plan@example.org>"})


def test_a_title_that_looks_like_an_encoded_word_stays_as_it_is():
    assert parsed(subject="=?utf-8?b?RXZpbA==?=")["Subject"] == "=?utf-8?b?RXZpbA==?="


def test_name_is_left_out_of_a_bare_address():
    assert bare_address("Careerplan <careerplan@example.org>") == "careerplan@example.org"
