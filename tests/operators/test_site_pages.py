"""The page of the site: what it saves, what it refuses, and two operators at once."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careerplan.operators.models import AuditEntry
from careerplan.site_settings.models import LegalText, SiteLogo
from careerplan.site_settings.queries import current_site
from tests.conflicts import shown_in
from tests.operators.conftest import make_operator, window_of

pytestmark = pytest.mark.django_db

SITE = "/operator/site/"
ANSWERS = {
    "name": "Northgate Careers",
    "support_address": "help@northgate.example",
    "colour": "#7a1f5c",
    "sign_up": "domains",
    "domains": "northgate.example, @Leeds.example",
    "notice": "Closed on Sunday",
    "unconfirmed_days": "14",
    "inactive_years": "2",
    "email_days": "180",
    "history_years": "",
    "refused_days": "90",
}
DEFAULTS = {
    "name": "Careerplan",
    "sign_up": "everyone",
    "unconfirmed_days": "7",
    "email_days": "365",
    "refused_days": "180",
}
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "c">]>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def post(window, **changes):
    return window.post(SITE, {**shown_in(window.get(SITE)), **ANSWERS, **changes})


def test_settings_are_saved_shown_and_written_down(window):
    assert post(window).status_code == 302
    site = current_site()
    assert (site.name, site.inactive_years) == ("Northgate Careers", 2)
    assert site.domains == ("northgate.example", "leeds.example")
    entry = AuditEntry.objects.get()
    assert entry.details["changed"]["unconfirmed_days"] == [7, 14]
    page = window.get(SITE).content.decode()
    assert "northgate.example, leeds.example" in page
    post(window)
    assert AuditEntry.objects.count() == 1  # nothing changed


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 41}, "name", "max_length"),
        ({"support_address": "help"}, "support_address", "invalid"),
        ({"colour": "red"}, "colour", "invalid"),
        ({"colour": "#ffee00"}, "colour", "contrast"),
        ({"sign_up": "some"}, "sign_up", "invalid_choice"),
        ({"domains": ""}, "domains", "required"),
        ({"domains": "not a domain!"}, "domains", "domain"),
        ({"unconfirmed_days": "0"}, "unconfirmed_days", "invalid_choice"),
        ({"notice": "x" * 301}, "notice", "max_length"),
        ({"name": "a\x00"}, "name", "control_characters"),
    ],
)
def test_what_makes_no_sense_is_refused(window, changes, field, code):
    form = post(window, **changes).context["form"]
    assert form.has_error(field, code)
    assert not AuditEntry.objects.exists()


def test_two_operators_change_different_settings_at_once(window):
    other = window_of(make_operator(name="Ben Ode"))
    shown = shown_in(window.get(SITE))
    post(other, **{**dict.fromkeys(("notice", "domains"), ""), "sign_up": "everyone"})
    mine = {**DEFAULTS, "notice": "Mine"}
    assert window.post(SITE, {**shown, **mine}).status_code == 302
    assert (current_site().name, current_site().notice) == ("Northgate Careers", "Mine")


def test_two_operators_change_the_same_setting_at_once(window):
    other = window_of(make_operator(name="Ben Ode"))
    shown = shown_in(window.get(SITE))
    post(other, name="Theirs")
    asked = window.post(SITE, {**shown, **ANSWERS, "name": "Mine"}).context["form"]
    assert [conflict.name for conflict in asked.conflicts] == ["name"]
    assert current_site().name == "Theirs"
    [conflict] = asked.conflicts
    answer = {"shown": asked["shown"].value(), **ANSWERS, "name": "Mine", conflict.choice_name: conflict.mine_value}
    assert window.post(SITE, answer).status_code == 302
    assert current_site().name == "Mine"


# --- Logo ---------------------------------------------------------------------------------------------
def upload(window, content, name="logo.svg"):
    return window.post(reverse("operators:logo"), {"logo": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("content", [SVG, b"\x89PNG\r\n\x1a\nrest"])
def test_a_logo_is_saved_and_removed(window, content):
    assert upload(window, content).status_code == 302
    assert current_site().has_logo
    window.post(reverse("operators:logo-remove"))
    assert not current_site().has_logo
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        *(b"GIF89a", b"<html/>", b"\x00", b"", SVG + b" " * 200_000),
        DOCTYPE + SVG,
        (DOCTYPE + SVG).decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="none"?>' + SVG,
    ],
)
def test_what_is_no_picture_is_refused(window, content):
    assert upload(window, content).context["form"].has_error("logo")
    assert not SiteLogo.objects.exists()


# --- Legal texts --------------------------------------------------------------------------------------
def publish(window, kind="terms", after=0, **answers):
    return window.post(reverse("operators:legal-text", args=[kind]), {"text": "Rules", "after": after, **answers})


def test_a_text_is_published_with_the_next_number(window):
    publish(window)
    publish(window, after=1, text="New rules", asks_again="on")
    assert list(LegalText.objects.order_by("number").values_list("number", "asks_again")) == [(1, False), (2, True)]
    assert AuditEntry.objects.filter(action="text_published").count() == 2
    assert "asks_again" not in window.get(reverse("operators:legal-text", args=["imprint"])).context["form"].fields
    assert window.get(reverse("operators:legal-text", args=["cookies"])).status_code == 404


def test_a_text_published_meanwhile_is_not_overwritten(window):
    publish(window, text="Theirs")
    page = publish(window, text="Mine")
    assert page.context["is_stale"]
    assert "Theirs" in page.content.decode()
    assert page.context["form"]["text"].value() == "Mine"
    publish(window, text="Both", after=page.context["form"]["after"].value())
    assert LegalText.objects.first().text == "Both"


# --- Health -------------------------------------------------------------------------------------------
def test_the_health_page_names_every_part_and_sends_a_test_email(window, operator):
    page = window.get(reverse("operators:health"))
    assert {"database", "redis", "mail", "workers", "sweep", "clear_up"} <= {
        part.name for part in page.context["health"].parts
    }
    assert page.context["health"].problems  # no scheduler runs in this test
    window.post(reverse("operators:test-email"))
    assert mail.outbox[0].to == [operator.email]
    assert AuditEntry.objects.get().action == "test_mail"
