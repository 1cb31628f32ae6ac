"""Answers and a target role from before an account: kept by signing up or in, and never in place of anything."""

import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from careerplan.explore.services import keep_answers
from careerplan.explore.tryout import keep_path, load_tryout, signup_path
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction
from tests.accounts.conftest import CONFIRM, SIGN_IN, SIGN_UP, Newcomer, sign_in
from tests.explore.pages import NURSE, main_of, path_of
from tests.factories.accounts import PASSWORD
from tests.factories.skills import NOW, make_draft, make_finished_assessment

pytestmark = pytest.mark.django_db
SESSION_COOKIE_NAME = django_settings.SESSION_COOKIE_NAME
CONTINUE = reverse("skills:continue")


@pytest.fixture
def newcomer(db, mail_box):
    """A browser whose owner has no account yet."""
    cache.clear()
    return Newcomer(Client(), mail_box)


@pytest.fixture
def levels(manager):
    """Five levels and a "not sure"."""
    return dict(zip([skill.pk for skill in load_tryout(manager).skills], [4, 1, 0, None, 5, 2], strict=True))


def next_of(page: str) -> str:
    """Where the form of a page leads to."""
    return re.search(r'name="next" value="([^"]+)"', page).group(1).replace("&amp;", "&")


def kept(user: User) -> dict[int, int | None]:
    """The answers of the user's draft."""
    return dict(Assessment.objects.for_user(user).drafts().get().ratings.values_list("skill_id", "level"))


def is_kept(newcomer: Newcomer, manager, levels) -> bool:
    draft = Assessment.objects.for_user(User.objects.get(email=newcomer.email)).drafts().get()
    return (draft.target_occupation, kept(draft.user)) == (manager, levels)


def test_signing_up_makes_the_answers_a_draft_for_that_occupation(newcomer, manager, levels):
    page = newcomer.client.get(signup_path(manager, levels)).content.decode()
    newcomer.sign_up(next=next_of(page))
    assert not Assessment.objects.exists()
    response = newcomer.enter(newcomer.code())
    assert is_kept(newcomer, manager, levels)
    assert newcomer.client.get(response.url).url == CONTINUE
    assert newcomer.client.get(CONTINUE).url == reverse("skills:page", args=["where-you-are"])


def test_wizard_shows_them_as_answered(newcomer, manager, levels):
    newcomer.sign_up(next=keep_path(manager, levels))
    newcomer.enter(newcomer.code())
    wizard = load_wizard(Assessment.objects.get())
    pages = [page for page in wizard.pages if {skill.pk for skill in page.skills} & levels.keys()]
    shown = {skill.pk for page in pages for skill in page.skills}
    assert levels.keys() <= shown
    for page in pages:
        if {skill.pk for skill in page.skills} <= levels.keys():
            assert wizard.is_answered(page)
            markup = main_of(newcomer.client.get(reverse("skills:page", args=[page.key])))
            assert markup.count(" checked") == len(page.skills)


def test_errors_of_the_form_do_not_lose_them(newcomer, manager, levels):
    first = newcomer.sign_up(next=keep_path(manager, levels), name="", email="no-address")
    newcomer.sign_up(next=next_of(first.content.decode()))
    newcomer.enter(newcomer.code())
    assert is_kept(newcomer, manager, levels)


def test_code_may_be_entered_in_another_tab_wrong_at_first_and_sent_again(newcomer, manager, levels):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up(next=keep_path(manager, levels))
        newcomer.enter("000000")
        clock.shift(700)
        newcomer.enter("", action="resend")
        assert newcomer.client.get(CONFIRM).status_code == 200
        newcomer.enter(newcomer.code())
    assert is_kept(newcomer, manager, levels)


def test_the_newest_answers_count_where_a_sign_up_is_unfinished(newcomer, manager, levels):
    newcomer.sign_up(next=keep_path(manager, dict.fromkeys(levels, 0)))
    assert newcomer.client.get(signup_path(manager, levels)).url == CONFIRM
    newcomer.enter(newcomer.code())
    assert is_kept(newcomer, manager, levels)


def test_starting_again_with_another_address_keeps_them(newcomer, manager, levels):
    newcomer.sign_up(next=keep_path(manager, levels), email="misspelt@example.org")
    newcomer.client.post(reverse("accounts:restart"))
    newcomer.sign_up()
    newcomer.enter(newcomer.code())
    assert is_kept(newcomer, manager, levels)


def test_signing_in_later_to_get_a_new_code_keeps_them(newcomer, manager, levels):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up(next=keep_path(manager, levels))
        clock.shift(7200)
        sign_in(newcomer.client, newcomer.email)
        newcomer.enter(newcomer.code())
    assert is_kept(newcomer, manager, levels)


def test_signing_up_with_a_known_address_and_then_signing_in_keeps_them(newcomer, user, manager, levels):
    user.set_password(PASSWORD)
    user.save()
    newcomer.sign_up(next=keep_path(manager, levels), email=user.email)
    newcomer.client.post(reverse("accounts:restart"))
    sign_in(newcomer.client, user.email)
    assert kept(user) == levels


def test_sign_in_link_of_the_sign_up_page_keeps_them(client, user, manager, levels):
    user.set_password(PASSWORD)
    user.save()
    page = client.get(signup_path(manager, levels)).content.decode()
    link = re.search(rf'href="({SIGN_IN}[^"]+)"', page).group(1).replace("&amp;", "&")
    here = next_of(client.get(link).content.decode())
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": here})
    assert kept(user) == levels


def test_going_away_leaves_nothing(newcomer, manager, levels):
    newcomer.client.get(signup_path(manager, levels))
    assert SESSION_COOKIE_NAME not in newcomer.client.cookies
    other = Newcomer(Client(), newcomer.mail_box)
    other.sign_up()
    other.enter(other.code())
    assert not Assessment.objects.exists()


def log_in(client: Client, user: User, path: str):
    user.set_password(PASSWORD)
    user.save()
    return client.post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": path})


def test_a_draft_is_offered_the_answers_and_keeps_its_own(client, user, manager, levels):
    draft = make_draft(user)
    save_direction(assessment=draft, changes={"target_role": "Baker"}, now=NOW)
    first = next(iter(levels))
    save_ratings(assessment=draft, levels={first: 2}, now=NOW)
    path = log_in(client, user, keep_path(manager, levels)).url
    assert kept(user) == {first: 2}
    response = client.get(path)
    assert (response.status_code, response.context["offer"].new) == (200, 5)
    assert kept(user) == {first: 2}
    assert client.post(path).url == CONTINUE
    assert kept(user) == levels | {first: 2}
    draft.refresh_from_db()
    assert draft.target_name == "Baker"
    assert client.get(path).url == CONTINUE


def test_results_are_offered_a_new_draft_and_do_not_change(client, user, manager, levels):
    finished = make_finished_assessment(user)
    before = sorted(finished.ratings.values_list("skill_id", "level"))
    path = log_in(client, user, keep_path(manager, levels)).url
    assert not Assessment.objects.for_user(user).drafts().exists()
    assert client.get(path).context["offer"].has_results
    client.post(path)
    assert kept(user).items() >= levels.items()
    assert sorted(finished.ratings.values_list("skill_id", "level")) == before


def test_keeping_twice_changes_nothing(user, manager, levels):
    for _ in range(2):
        keep_answers(user=user, occupation=manager, levels=levels, now=NOW)
    assert kept(user) == levels
    assert Assessment.objects.count() == 1


def test_visitor_can_make_an_occupation_the_target(newcomer, nurse):
    page = main_of(newcomer.client.get(NURSE))
    link = re.search(rf'href="({SIGN_UP}\?[^"]+)"', page).group(1)
    newcomer.sign_up(next=next_of(newcomer.client.get(link).content.decode()))
    response = newcomer.enter(newcomer.code())
    assert Plan.objects.get().target_occupation == nurse
    assert newcomer.client.get(response.url).url == NURSE
    assert "Your target role" in main_of(newcomer.client.get(NURSE))


def test_a_target_role_is_not_replaced_but_offered(client, user, manager):
    Plan.objects.create(user=user, title="Mine", started_on=NOW.date(), target_role="Baker")
    response = log_in(client, user, keep_path(manager))
    assert Plan.objects.get().target_role == "Baker"
    assert client.get(response.url).url == path_of(manager)
    assert f'action="{reverse("skills:target")}"' in main_of(client.get(path_of(manager)))


def test_page_is_for_people_who_are_signed_in(client, manager, levels):
    path = keep_path(manager, levels)
    assert client.get(path).url == f"{SIGN_IN}?{urlencode({'next': path}, safe='/')}"
    assert client.post(path).status_code == 302
    assert not Assessment.objects.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(max_size=60), path=st.sampled_from(["", "//", "/nowhere/", "/occupations/x/y-99-9999/keep/", "here"])
)
def test_signing_in_works_whatever_the_address_it_leads_to(user, manager, query, path):
    where = keep_path(manager) if path == "here" else path
    cache.clear()
    response = log_in(Client(), user, f"{where}?{query}")
    assert response.status_code == 302
    assert not Assessment.objects.exists()


def test_an_address_that_is_too_long_is_not_kept(newcomer, manager):
    newcomer.sign_up(next=f"{keep_path(manager)}?{'x' * 3000}")
    assert newcomer.client.session["typed_at_sign_up"]["next"] is None
