"""The page that reads an advert: what it finds, and what is kept of it."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from careerplan.opportunities import services
from careerplan.opportunities.models import NeededSkill
from careerplan.reading.skill_finder import MAX_CHARACTERS
from tests.factories.catalogue import copy_shipped_catalogue
from tests.factories.opportunities import make_opportunity
from tests.factories.skills import make_catalogue

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def opportunity(user):
    return make_opportunity(user, closes_on=date(2027, 3, 15))


def url(name, *args):
    return reverse(f"opportunities:{name}", args=args)


def text(response):
    return response.content.decode()


def test_only_ticked_skills_of_an_advert_are_added(signed_in, user, opportunity):
    one, two, *_ = make_catalogue()
    page, advert = url("advert", opportunity.pk), f"Expert {one.name}; basic {two.name}."
    shown = signed_in.post(page, {"text": advert})
    assert [skill.skill_id for skill in shown.context["found"].found] == [one.pk, two.pk]
    assert not NeededSkill.objects.exists()
    nothing = signed_in.post(page, {"text": advert, "keep": "1", f"level_{one.pk}": "5", f"level_{two.pk}": "2"})
    assert nothing.status_code == 200
    assert len(nothing.context["messages"]) == 1
    keep = {"text": advert, "keep": "1", f"take_{two.pk}": "on", f"level_{one.pk}": "5", f"level_{two.pk}": "3"}
    wrong = signed_in.post(page, {**keep, f"level_{two.pk}": "9"})
    assert wrong.status_code == 200
    assert not NeededSkill.objects.exists()
    assert signed_in.post(page, keep).url == opportunity.get_absolute_url()
    assert list(NeededSkill.objects.values_list("skill", "level")) == [(two.pk, 3)]


def test_pasted_advert_is_kept_with_the_opportunity_until_it_is_removed(signed_in, other_user, opportunity):
    page = url("advert", opportunity.pk)
    signed_in.post(page, {"text": "Two nights a week.\r\nPay 12 an hour."})
    opportunity.refresh_from_db()
    assert opportunity.advert == "Two nights a week.\nPay 12 an hour."
    assert "Two nights a week." in text(signed_in.get(opportunity.get_absolute_url()))
    assert signed_in.get(page).context["form"]["text"].value() == opportunity.advert
    assert "advert" not in {field.name for field in opportunity.events.model._meta.fields}
    assert signed_in.post(page, {"forget": "1"}).url == opportunity.get_absolute_url()
    opportunity.refresh_from_db()
    assert opportunity.advert == ""


ADVERT = """Town Planner - Westbury Council, Westbury
Strong negotiation skills are needed. You win over landowners. Programming would be nice.
Closing date: 4 December 2099
"""


def test_what_an_advert_names_is_ticked_and_a_guess_is_not(signed_in, user, opportunity):
    copy_shipped_catalogue()
    found = signed_in.post(url("advert", opportunity.pk), {"text": ADVERT}).context["found"]
    ticked = {skill.name for skill, take, _level, _needed in found.rows if take.value()}
    assert ticked == {"Negotiating"}
    assert {skill.name for skill in found.found} == {"Negotiating", "Persuading people", "Programming"}
    assert {fact.field: field.value() for fact, field in found.fact_rows}["closes_on"] is (not opportunity.closes_on)
    assert all(not field.value() for fact, field in found.fact_rows if not fact.is_sure)


def test_ticked_facts_of_an_advert_are_saved(signed_in, opportunity):
    keep = {"text": ADVERT, "keep": "1", "fact_organisation": "on", "fact_closes_on": "on"}
    assert signed_in.post(url("advert", opportunity.pk), keep).url == opportunity.get_absolute_url()
    title = opportunity.title
    opportunity.refresh_from_db()
    assert (opportunity.title, opportunity.organisation) == (title, "Westbury Council")
    assert opportunity.closes_on.isoformat() == "2099-12-04"


def test_facts_are_saved_while_another_tab_saves_the_opportunity(signed_in, opportunity, monkeypatch):
    take, others = services.take_from_advert, [{"title": "Shift leader"}]

    def meanwhile(**values):
        while others:
            services.update_opportunity(opportunity=values["opportunity"], changes=others.pop(), now=NOON)
        return take(**values)

    monkeypatch.setattr(services, "take_from_advert", meanwhile)
    keep = {"text": ADVERT, "keep": "1", "fact_organisation": "on"}
    assert signed_in.post(url("advert", opportunity.pk), keep).url == opportunity.get_absolute_url()
    opportunity.refresh_from_db()
    assert (opportunity.title, opportunity.organisation) == ("Shift leader", "Westbury Council")


def test_papers_place_and_pay_go_into_the_summary(signed_in, user, opportunity):
    advert = (
        "Nurse\nLocation: Leeds\nRegistration with the NMC and a full driving licence are required.\nBSc in Nursing\n"
    )
    page = url("advert", opportunity.pk)
    shown = signed_in.post(page, {"text": f"{advert}Requirements\nCSCS card\nKubernetes\n"})
    assert shown.context["others"] == ["Kubernetes"]  # not what is proposed as a fact
    facts = {
        fact.field: (fact.shown, take.value())
        for fact, take in signed_in.post(page, {"text": advert}).context["found"].fact_rows
    }
    assert facts["registration"] == ("Registration with the NMC", True)
    assert facts["registration_1"] == ("full driving licence", True)
    assert facts["degree"] == ("BSc in Nursing", True)
    taken = dict.fromkeys(("fact_place", "fact_registration", "fact_degree"), "on")
    signed_in.post(page, {"text": advert, "keep": "1", **taken})
    opportunity.refresh_from_db()
    summary = "Leeds, BSc in Nursing, Registration with the NMC"
    assert opportunity.summary == summary
    again = signed_in.post(page, {"text": advert}).context["found"]
    assert {fact.field for fact in again.facts} & {"place", "degree", "registration", "registration_1"} == {
        "registration_1"
    }
    signed_in.post(page, {"text": advert, "keep": "1", "fact_registration_1": "on"})
    opportunity.refresh_from_db()
    assert opportunity.summary == f"{summary}, full driving licence"


def test_fact_without_room_in_the_summary_is_named(signed_in, opportunity):
    """A fact that is only a part of another word of the summary is proposed all the same."""
    opportunity.summary = f"Bathroom {'x' * 285}"
    opportunity.save(update_fields=["summary"])
    keep = {"text": "Fitter\nLocation: Bath\n\nA BSc in Nursing is required.", "keep": "1"}
    ticked = {"fact_place": "on", "fact_degree": "on"}
    saved = signed_in.post(url("advert", opportunity.pk), keep | ticked, follow=True)
    before = opportunity.summary
    opportunity.refresh_from_db()
    assert opportunity.summary == f"{before}, Bath"
    assert "Not added, because the summary is full: BSc in Nursing." in text(saved)


def test_tasks_of_the_occupation_in_an_advert(signed_in, opportunity):
    copy_shipped_catalogue()
    opportunity.title = "Electrician"
    opportunity.save(update_fields=["title"])
    advert = "You will:\nWire sockets, switches and lights\nServe lunch to guests\n"
    found = signed_in.post(url("advert", opportunity.pk), {"text": advert}).context["tasks"]
    assert found.occupation.title == "Electrician"
    assert [one.words for one in found.tasks] == ["Wire sockets, switches and lights"]
    other = signed_in.post(url("advert", opportunity.pk), {"text": "Serve lunch to guests\n"})
    assert other.context["tasks"] is None


def test_advert_in_another_language_is_told_so(signed_in, opportunity):
    text_of = (Path(__file__).parents[1] / "cases/adverts/8_tischlerei_de.txt").read_text()
    response = signed_in.post(url("advert", opportunity.pk), {"text": text_of})
    assert "German" in response.context["unread_language"]


def test_title_of_the_page_is_its_heading(signed_in, opportunity):
    page = url("advert", opportunity.pk)
    for response in (signed_in.get(page), signed_in.post(page, {"text": ADVERT})):
        parts = [re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", text(response), re.DOTALL) for tag in ("title", "h1")]
        title, heading = (" ".join(part[1].split()) for part in parts)
        assert title.startswith(heading)


def test_too_long_advert_is_shown_again(signed_in, opportunity):
    response = signed_in.post(url("advert", opportunity.pk), {"text": "x" * (MAX_CHARACTERS + 1)})
    assert response.context["form"].has_error("text", "max_length")
    assert "x" * (MAX_CHARACTERS + 1) in text(response)
