"""Account emails: text and HTML agree, links use our origin, headers are safe."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from django.conf import settings

from accounts.emails import NOTIFICATION_MAILS, REQUIRED_MAILS
from accounts.models import User
from accounts.notices import MAIL_TIMEOUT_SECONDS, mail_connection
from careerplan.core.mail import build_email
from careerplan.reminders.digest_mail import Item
from careerplan.reminders.email_actions.links import MailLink

TEMPLATES = Path(app_settings.__file__).parent.parent / "templates"
ALLAUTH = [*TEMPLATES.glob("account/email/*.txt"), *TEMPLATES.glob("mfa/email/*.txt")]
ALLAUTH += TEMPLATES.glob("socialaccount/email/*.txt")
# Codes to sign in or to reset with are not offered; base_* are only extended.
NOT_SENT = {"login_code", "password_reset_code", "base"}
# allauth knows no such event.
OURS_ALONE = {"password_removed", "recovery_code_used"}
FROM_ALLAUTH = {
    "left": 3,
    "provider": SimpleNamespace(name="Northgate"),
    "user": User(name="Ruth", email="ruth@example.org", time_zone="Asia/Tokyo"),
    "code": "042917",
    "password_reset_url": f"{settings.BASE_URL}/account/password/reset/key/1-a-b/",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
    "timestamp": datetime(2027, 3, 13, 20, 30, tzinfo=UTC),
}
KINDS = sorted(REQUIRED_MAILS | NOTIFICATION_MAILS)


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text)


def html_of(message) -> str:
    return message.alternatives[0][0]


def visible(html: str) -> str:
    """What a reader sees of an HTML mail, hidden preheader and head aside."""
    html = re.sub(r"<head>.*?</head>|<div class=\"pre\".*?</div>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", html))


def render(kind: str):
    return get_adapter().render_mail(f"account/email/{kind}", "ruth@example.org", FROM_ALLAUTH)


def test_every_mail_of_allauth_has_one_of_ours():
    theirs = {re.sub(r"_(subject|message|notification)$", "", path.stem) for path in ALLAUTH}
    assert theirs - NOT_SENT == set(KINDS) - OURS_ALONE


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same_and_hold_the_same_links(kind):
    message = render(kind)
    html = html_of(message)
    links = set(re.findall(r'href="([^"]+)"', html)) - {f"{settings.BASE_URL}/"}
    assert {unescape(link) for link in links} == set(re.findall(r"https?://\S+", message.body))
    assert all(link.startswith(settings.BASE_URL) for link in links)
    without_links = re.sub(r"https?://\S+", "", message.body)
    assert sorted(words(visible(html))) == sorted(words(without_links))


@pytest.mark.parametrize("kind", KINDS)
def test_structure_of_every_email(kind):
    message = render(kind)
    html = html_of(message)
    assert message.to == ["ruth@example.org"]
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.extra_headers["X-Auto-Response-Suppress"] == "All"
    assert "prefers-color-scheme: dark" in html
    assert re.search(r'<h1 [^>]*style="', html)
    assert not re.search(r"{%|{{|<img|<script", html)
    assert len(html) < 100_000
    assert max(map(len, re.sub(r"\S*https?://\S+", "", message.body).splitlines())) <= 76


def test_code_is_large_in_html_and_on_a_line_of_its_own_in_text():
    message = render("email_confirmation_signup")
    assert "\n    042917\n" in message.body
    assert re.search(r'<td class="code"[^>]*><p style="[^"]*font-size:32px[^"]*">042917</p>', html_of(message))
    assert "042917" in message.subject
    assert "10 minutes" in re.sub(r"\s+", " ", message.body)


def test_change_emails_use_the_time_zone_of_the_user():
    assert "14 Mar 2027 at 5:30 JST" in re.sub(r"\s+", " ", render("password_changed").body)


def test_markup_in_an_address_is_escaped():
    context = FROM_ALLAUTH | {"to_email": '"<b>x</b>"@example.org'}
    message = get_adapter().render_mail("account/email/email_changed", "ruth@example.org", context)
    assert "&lt;b&gt;x&lt;/b&gt;" in html_of(message)
    assert "<b>" not in html_of(message)


def test_no_account_mail_holds_a_page_for_long(settings):
    settings.EMAIL_BACKEND = "careerplan.core.smtp.EmailBackend"
    connection = mail_connection()
    assert connection.timeout == connection.final_timeout == MAIL_TIMEOUT_SECONDS < settings.EMAIL_FINAL_TIMEOUT


def test_line_breaks_never_reach_a_header():
    context = FROM_ALLAUTH | {"code": "1\r\nBcc: evil@example.org\r\n\r\nbody"}
    message = get_adapter().render_mail("account/email/email_confirmation", "ruth@example.org", context)
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert "Bcc" not in dict(message.message().items())


# --- The layout, which reminders use too -----------------------------------------------------------------
@pytest.fixture
def layout(tmp_path, settings):
    """Builds a mail from slots alone."""
    folder = tmp_path / "slots"
    folder.mkdir()
    (folder / "subject.txt").write_text("{{ heading }}")
    for kind in ("txt", "html"):
        (folder / f"body.{kind}").write_text('{% include "layout.' + kind + '" %}')
    emails = settings.TEMPLATES[1] | {"DIRS": [tmp_path, *settings.TEMPLATES[1]["DIRS"]]}
    settings.TEMPLATES = [settings.TEMPLATES[0], emails]
    return lambda **slots: build_email("slots", to="ruth@example.org", context=slots)


def test_items_are_marked_by_urgency(layout):
    button, other = (
        MailLink("Mark done", "https://x.example/?a=1&b=2"),
        MailLink("Open it", "https://x.example/goals/7/"),
    )
    items = [
        Item(
            mark="8 days late", mark_kind=mark_kind, when="Was due Fri 5 Mar 2027", title="Ask Dr Osei <b> %(what)s",
            detail="Goal: 100% & more", quotes=[], button=button, alternatives=[other],
        )
        for mark_kind in ("late", "soon", "")
    ]  # fmt: skip
    message = layout(preheader="p", heading="h", foot=[], items=items)
    html, text = html_of(message), message.body
    assert re.findall(r'<span class="(late|soon|mark)" style="(?:color:#\w+|font-weight)[^"]*">([^<]+)', html) == [
        ("late", "8 days late"), ("soon", "8 days late"), ("mark", "8 days late"),
    ]  # fmt: skip
    assert 'href="https://x.example/?a=1&amp;b=2"' in html
    assert "Ask Dr Osei &lt;b&gt; %(what)s" in html
    assert "Goal: 100% &amp; more" in html
    assert html.count('class="rule-first"') == 1
    assert html.count('class="rule"') == 2
    assert (
        "1. 8 days late\n   Was due Fri 5 Mar 2027\n   Ask Dr Osei <b> %(what)s\n   Goal: 100% & more\n"
        "   Mark done: https://x.example/?a=1&b=2\n   Open it: https://x.example/goals/7/\n\n2. 8 days late"
    ) in text
    assert "\n\n\n" not in text


def test_footer_takes_sentences_and_links(layout):
    message = layout(preheader="p", heading="h", foot=["Why.", {"label": "Stop", "url": "https://x.example/u"}])
    assert message.body.endswith("--\nWhy.\nStop: https://x.example/u\n")
    assert re.search(r'Why\.<br>.*<a href="https://x.example/u" style="[^"]+">Stop</a>', html_of(message))
