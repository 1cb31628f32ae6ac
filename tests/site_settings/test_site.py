"""What an operator sets is on every page, costs none of them a query, and reaches every process within seconds."""

import time

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.core.mail import build_email
from careerplan.site_settings import queries
from careerplan.site_settings.models import LegalText, SiteSettings
from careerplan.site_settings.queries import Site, current_site, forget, remember
from careerplan.site_settings.services import publish_text, remove_logo, save_settings, set_logo

pytestmark = pytest.mark.django_db

NAME = "Northgate Careers"
HELP = "help@plans.northgate.example"
PNG = b"\x89PNG\r\n\x1a\n"


def publish(kind: str, text: str = "What we do.", *, asks_again: bool = False, after: int = 0) -> LegalText:
    return publish_text(kind=kind, text=text, asks_again=asks_again, after=after, now=timezone.now())


def test_name_and_support_address_are_on_pages_and_in_emails(client):
    save_settings(values={"name": NAME, "support_address": HELP}, version=0)
    page = client.get("/privacy/").content.decode()
    assert f"· {NAME}</title>" in page
    assert f'href="mailto:{HELP}"' in page
    mail = build_email("confirm_signup", to="a@example.org", context={"code": "123456", "minutes": 10})
    assert NAME in mail.subject
    assert HELP in mail.body
    assert HELP in str(mail.alternatives[0][0])


def test_a_page_asks_for_the_settings_once_in_some_seconds(client, django_assert_num_queries):
    save_settings(values={"name": NAME}, version=0)
    current_site()
    with django_assert_num_queries(0):
        for _visit in range(3):
            client.get("/privacy/")


def test_another_process_sees_a_change_after_the_deadline(django_assert_num_queries):
    save_settings(values={"name": NAME}, version=0)
    before = current_site()
    SiteSettings.objects.update(name="Elsewhere")  # as another process would; the trigger counts the version
    assert current_site() == before
    remember(before, seconds=-1)
    assert current_site().name == "Elsewhere"
    remember(current_site(), seconds=-1)
    with django_assert_num_queries(3):  # the version, in a savepoint
        current_site()
    assert queries.CHECK_SECONDS <= 10


def test_while_one_thread_asks_the_others_do_not_wait():
    known = Site(version=7, name="Known")
    remember(known, seconds=-1)
    with queries._Memory.lock:
        assert current_site() is known


def test_without_the_database_the_last_settings_stay(monkeypatch):
    known = Site(version=7, name="Known")
    remember(known, seconds=-1)

    def refuse(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(SiteSettings.objects, "values_list", refuse)
    asked_at = time.monotonic()
    assert current_site() is known
    assert queries._Memory.good_until > asked_at  # and not every page waits for it


def test_settings_that_changed_meanwhile_are_not_overwritten():
    save_settings(values={"name": NAME}, version=0)
    seen = current_site().version
    save_settings(values={"name": "Second"}, version=seen)
    with pytest.raises(StaleObjectError):
        save_settings(values={"name": "Third"}, version=seen)
    forget()
    assert current_site().name == "Second"


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"name": ""}, "name_given"),
        ({"sign_up": "some"}, "sign_up_known"),
        ({"sign_up": "domains"}, "domains_given"),
        ({"unconfirmed_days": 0}, "kept_long_enough"),
        ({"inactive_years": 0}, "years"),
    ],
)
def test_the_database_refuses_settings_without_sense(columns, rule):
    with pytest.raises(IntegrityError, match=f"site_settings_{rule}"), transaction.atomic():
        SiteSettings.objects.create(**columns)


def test_there_is_one_row():
    SiteSettings.objects.create()
    with pytest.raises(IntegrityError, match="site_settings_one_row"), transaction.atomic():
        SiteSettings.objects.create(pk=2)


# --- Legal texts --------------------------------------------------------------------------------------
def test_the_foot_links_the_texts_that_there_are(client):
    assert reverse("site:terms") not in client.get("/privacy/").content.decode()
    assert client.get(reverse("site:terms")).status_code == 404
    publish("terms", "# Rules\n\nBe kind to <b>all</b>.\n\n- One\n- [Two](https://example.org/)")
    page = client.get(reverse("site:terms")).content.decode()
    assert f'href="{reverse("site:terms")}"' in page
    assert "<h2>Rules</h2>" in page
    assert "<b>all</b>" not in page
    assert '<a href="https://example.org/">Two</a>' in page


def test_an_earlier_version_stays_readable(client):
    publish("imprint", "First Street 1")
    publish("imprint", "Second Street 2", after=1)
    address = reverse("site:imprint")
    assert "Second Street 2" in client.get(address).content.decode()
    assert "First Street 1" in client.get(f"{address}?version=1").content.decode()
    assert client.get(f"{address}?version=3").status_code == 404
    assert client.get(f"{address}?version=x").status_code == 200


def test_the_privacy_page_begins_with_the_operators_text(client):
    publish("privacy", "Northgate Hospitals Trust keeps it.")
    assert "Northgate Hospitals Trust keeps it." in client.get("/privacy/").content.decode()


def test_the_privacy_page_says_how_long_things_are_kept(client):
    days = {"unconfirmed_days": 14, "email_days": 365, "refused_days": 180}
    save_settings(values={**days, "inactive_years": 3, "history_years": 5}, version=0)
    rows = html.fromstring(client.get("/privacy/").content).xpath("//table//tr[td]")
    said = {" ".join(row.xpath("th")[0].text_content().split()): row.xpath("td")[0].text_content() for row in rows}
    expected = {"Sign-ups": "14 days", "Subjects": "1 year", "Addresses": "180 days", "Earlier": "5 years"}
    assert {start for start, words in expected.items() if not said_of(said, start).endswith(words)} == set()
    assert any("3 years" in words for words in said.values())


def said_of(rows: dict[str, str], start: str) -> str:
    [words] = [words for name, words in rows.items() if name.startswith(start)]
    return " ".join(words.split())


def test_a_blank_text_takes_its_page_away(client):
    publish("terms")
    publish("terms", "", after=1)
    assert client.get(reverse("site:terms")).status_code == 404
    assert current_site().terms is None


def test_a_published_text_does_not_change():
    text = publish("terms")
    with pytest.raises(IntegrityError, match="site_settings_legaltext_published"), transaction.atomic():
        LegalText.objects.filter(pk=text.pk).update(text="Another")
    with pytest.raises(IntegrityError, match="site_settings_legaltext_published"), transaction.atomic():
        text.delete()


def test_two_operators_cannot_publish_the_same_version():
    publish("terms")
    with pytest.raises(StaleObjectError):
        publish("terms", "Mine", after=0)


def test_which_version_one_must_have_agreed_to():
    publish("terms")
    publish("terms", "Spelling", after=1)
    assert current_site().terms.agreed_from == 0
    publish("terms", "New rules", after=2, asks_again=True)
    publish("terms", "Spelling", after=3)
    assert (current_site().terms.number, current_site().terms.agreed_from) == (4, 3)


# --- Logo, colour, notice -----------------------------------------------------------------------------
def test_logo_is_a_picture_and_nothing_else(client):
    set_logo(kind="image/png", content=PNG)
    answer = client.get(reverse("site:logo"))
    assert (answer.headers["Content-Type"], answer.content) == ("image/png", PNG)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert reverse("site:logo") in client.get("/privacy/").content.decode()
    remove_logo()
    assert client.get(reverse("site:logo")).status_code == 404


def test_colour_is_a_style_sheet_of_ours(client):
    assert client.get(reverse("site:theme")).status_code == 404
    save_settings(values={"colour": "#7a1f5c"}, version=0)
    answer = client.get(reverse("site:theme"))
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "--cp-accent:light-dark(#7a1f5c," in answer.content.decode()
    assert reverse("site:theme") in client.get("/privacy/").content.decode()


def test_notice_is_on_every_page_until_it_is_hidden(client, signed_in):
    save_settings(values={"notice": "Closed on <Sunday>"}, version=0)
    shown = "Closed on &lt;Sunday&gt;"
    assert shown in client.get("/").content.decode()
    assert shown in signed_in.get("/privacy/").content.decode()
    back = signed_in.post(reverse("site:hide-notice"), headers={"referer": "http://testserver/privacy/"})
    assert back.url == "/privacy/"
    assert shown not in signed_in.get("/privacy/").content.decode()
    assert shown in Client().get("/").content.decode()
    save_settings(values={"notice": "Closed on Monday"}, version=0)
    assert "Closed on Monday" in signed_in.get("/privacy/").content.decode()
