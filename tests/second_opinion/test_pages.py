"""The pages of both people, and the two emails: the owner's levels are in no byte of the mentor's side."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from careerplan.core.mail import build_email
from careerplan.core.readonly import allow_closed_changes
from careerplan.mentoring.models import MentoringEmail
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, SecondOpinion
from careerplan.skills.models import Rating
from tests.factories.mentoring import let_in, make_mentorship
from tests.factories.second_opinions import make_opened_opinion, make_opinion
from tests.factories.skills import make_catalogue, make_finished_assessment, make_occupation

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
CANARY = "canary-of-the-owner"


@pytest.fixture
def skills(user):
    made = make_catalogue()
    make_finished_assessment(user)
    return made


@pytest.fixture
def mentorship(user):
    return make_mentorship(user)


def rate(browser, mentorship, number, *, level="", action="next", evidence=""):
    address = reverse("mentor-opinion:skill", args=[mentorship.key, number])
    return browser.post(address, {"level": level, "evidence": evidence, "action": action})


def built(kind):
    """The email of a kind as it would be sent now."""
    email = MentoringEmail.objects.select_related("mentorship__owner").get(kind=kind)
    text = import_string(settings.MENTORING_EMAILS[kind])(email, timezone.now())
    return build_email(text.template, to="a@example.org", context=text.context) if text else None


def mentor_bytes(browser, mentorship):
    """All that the mentor's side says: each page, a refused form, and the email."""
    pages = [
        browser.get(reverse(name, args=[mentorship.key, *numbers])).content.decode()
        for name, *numbers in (
            ("mentor:plan",),
            ("mentor-opinion:skill", 1),
            ("mentor-opinion:skill", 2),
            ("mentor-opinion:sent",),
        )
    ]
    pages.append(rate(browser, mentorship, 2, level="7").content.decode())
    email = built("opinion_asked")
    pages.append(email.body if email else "")
    return [TOKEN.sub("", page) for page in pages]


def test_the_owners_levels_are_in_no_byte_of_the_mentors_side(user, mentorship, skills):
    make_opinion(mentorship, skills[:2], now=timezone.now())
    browser = let_in(mentorship)
    seen = []
    for level in (0, 5):
        with allow_closed_changes():
            Rating.objects.update(level=level, category="strength", evidence=CANARY)
        seen.append(mentor_bytes(browser, mentorship))
    assert seen[0] == seen[1]
    assert CANARY not in "".join(seen[0])
    assert skills[1].name in seen[0][2]
    assert "Kwame" not in built("opinion_asked").subject


def test_the_mentor_sees_both_levels_where_the_owner_shows_them_and_nowhere_else(client, user, mentorship, skills):
    client.force_login(user)
    browser, plan = let_in(mentorship), reverse("mentor:plan", args=[mentorship.key])
    opinion = make_opinion(mentorship, skills[3:5], now=timezone.now())
    show_all = reverse("opinion:show-all", args=[opinion.pk])
    assert "There is nothing to show them." in client.post(show_all, follow=True).content.decode()
    for number in (1, 2):
        rate(browser, mentorship, number, level="1", evidence=f"Seen {number}.")
    client.post(reverse("opinion:open", args=[opinion.pk]))
    assert skills[3].name not in browser.get(plan).content.decode()
    first = OpinionDecision.objects.get(rating__asked__skill=skills[3])
    client.post(reverse("opinion:differ", args=[opinion.pk]), {f"talk-{first.pk}": "on"})
    for page in (browser.get(plan), client.get(reverse("people:view", args=[mentorship.pk]))):
        text = page.content.decode()
        assert "Ruth says 3, you say 1" in text
        assert "Seen 1." in text
        assert skills[4].name not in text
        assert "says 4" not in text
    assert "Kwame sees both levels now." in client.post(show_all, follow=True).content.decode()
    assert "Ruth says 4, you say 1" in browser.get(plan).content.decode()


def test_a_mentor_rates_one_skill_a_screen_and_the_last_one_sends(user, mentorship, skills):
    make_opinion(mentorship, skills[:3], now=timezone.now())
    browser = let_in(mentorship)
    start = browser.get(reverse("mentor-opinion:start", args=[mentorship.key]))
    assert start.url == reverse("mentor-opinion:skill", args=[mentorship.key, 1])
    page = browser.get(start.url).content.decode()
    assert "checked" not in page
    assert "None of these yet" in page
    refused = rate(browser, mentorship, 1)
    assert "Choose a sentence, or choose “I cannot judge this”." in refused.content.decode()
    assert rate(browser, mentorship, 1, action="close").url == reverse("mentor:plan", args=[mentorship.key])
    rate(browser, mentorship, 3, level="3")  # the last first: what is open is asked before anything is sent
    assert rate(browser, mentorship, 3, level="3").url.endswith("/opinion/1/")
    rate(browser, mentorship, 1, level="unsure", evidence="The night the lift failed.")
    assert rate(browser, mentorship, 2, level="2", action="back").url.endswith("/opinion/1/")
    assert not SecondOpinion.objects.sent().exists()
    sent = rate(browser, mentorship, 3, level="0")
    assert sent.url == reverse("mentor-opinion:sent", args=[mentorship.key])
    assert "You rated 2 skills." in browser.get(sent.url).content.decode()
    assert list(OpinionRating.objects.order_by("asked__position").values_list("level", flat=True)) == [None, 2, 0]
    assert "answered about 3 skills" in built("opinion_sent").subject


def test_an_owner_asks_opens_decides_and_sees_the_results_with_and_without(client, user, mentorship, skills):
    ward = make_occupation(needs={one.pk: (4, 4) for one in skills})
    user.plans.update(target_role="", target_occupation=ward)
    client.force_login(user)
    ask = reverse("opinion:ask", args=[mentorship.pk])
    assert "Your largest gap" in client.get(ask).content.decode()
    assert "Choose at least 1 skill." in client.post(ask, {}).content.decode()
    assert client.post(ask, {"skills": [one.pk for one in skills[:3]]}).status_code == 302
    opinion = SecondOpinion.objects.get()
    person = client.get(reverse("people:person", args=[mentorship.pk])).content.decode()
    assert "not answered yet" in person
    differ = reverse("opinion:differ", args=[opinion.pk])
    assert "Cancel the question" in client.get(differ).content.decode()
    browser = let_in(mentorship)
    for number, level in enumerate(("4", "1", "unsure"), 1):
        rate(browser, mentorship, number, level=level, evidence="The night the lift failed.")
    assert "The night" not in client.get(differ).content.decode()
    client.post(reverse("opinion:open", args=[opinion.pk]))
    page = client.get(differ).content.decode()
    assert "You and Kwame differ on 1 of 3 skills" in page
    assert "The night the lift failed." in page
    assert "Meet at 2" in page
    assert rate(browser, mentorship, 1, level="5").status_code == 409
    decision = OpinionDecision.objects.get()
    person = client.get(reverse("people:person", args=[mentorship.pk])).content.decode()
    assert "1 difference to decide" in person
    client.post(differ, {f"choice-{decision.pk}": "theirs", f"talk-{decision.pk}": "on"})
    decision.refresh_from_db()
    assert (decision.choice, decision.level, decision.shown_at is not None) == ("theirs", 4, True)
    results = reverse("opinion:results", args=[opinion.pk])
    assert "3 of 6" in client.get(results).content.decode()
    assert "2 of 6" in client.get(f"{results}?with=own").content.decode()


def test_agreement_is_said_and_a_taken_back_question_sends_nothing(client, user, mentorship, skills):
    opinion = make_opened_opinion(mentorship, skills[:2], [0, 1], now=timezone.now())
    client.force_login(user)
    page = client.get(reverse("opinion:differ", args=[opinion.pk])).content.decode()
    assert "You and Kwame agree on all 2 skills" in page
    MentoringEmail.objects.all().delete()
    open_one = make_opinion(mentorship, skills[:1], now=timezone.now())
    client.post(reverse("opinion:withdraw", args=[open_one.pk]))
    assert built("opinion_asked") is None
    assert let_in(mentorship).get(reverse("mentor-opinion:skill", args=[mentorship.key, 1])).status_code == 404
