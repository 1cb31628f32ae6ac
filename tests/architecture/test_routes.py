"""Every address: who may open it, whose objects it shows, what it may change."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.forms import BaseForm
from django.http import Http404
from django.template import Context
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertTemplateUsed

from careerplan.catalogue.models import Skill
from careerplan.conversation.models import Side
from careerplan.conversation.services.suggestions import mark_read
from careerplan.core.workers import record_worker
from careerplan.plans.models import Plan
from careerplan.reminders.models import SchedulerRun
from careerplan.reminders.services import create_due_reminders
from tests.architecture import routes
from tests.architecture.headers import check_headers
from tests.architecture.routes import all_routes
from tests.database import Watch, undone
from tests.factories.accounts import make_user_session
from tests.factories.conversation import propose, say
from tests.factories.data import make_data_file, make_data_import, make_ready_plan_file
from tests.factories.goals import NOW, make_entry, make_goal, only_step
from tests.factories.mentoring import make_mentorship
from tests.factories.opportunities import make_opportunity
from tests.factories.passkeys import make_passkey
from tests.factories.reviews import make_finished_review
from tests.factories.second_opinions import make_opinion
from tests.factories.skills import make_finished_assessment, make_occupation

ALL = {route.name: route for route in all_routes()}
SIGNED_IN = sorted(set(ALL) - routes.PUBLIC - routes.OPERATOR)
WITHOUT_OBJECT = sorted(set(ALL) - set(routes.OBJECT_ROUTES) - {"reminders:stop", "account_reset_password_from_key"})
NOBODYS_KEY = "00000000-0000-4000-8000-000000000000"
EXAMPLES = {
    "skills:page": ["where-you-are"],
    "reviews:goal": [1],
    "explore:field": ["managing"],
    "explore:occupation": ["managing", "ward-manager-11-9111"],
    "explore:tryout": ["managing", "ward-manager-11-9111"],
    "explore:keep": ["managing", "ward-manager-11-9111"],
    **{name: ["token"] for name in routes.BY_SIGNED_LINK},
    **{name: [NOBODYS_KEY] for name in {*routes.MENTOR, "mentor:accept"}},
    **{name: [NOBODYS_KEY, 1] for name in {*routes.MENTOR_WITH_GOAL, *routes.TALK}},
    "people:view-goal": [1, 1],
    "account_reset_password_from_key": ["a", "b-c"],
    "operators:person": [1],
    "operators:act": [1, "block"],
    "operators:invitation-cancel": [1],
    "operations:backup-check": [1],
    "operations:ask": ["upgrade", "9.9.9"],
    "operators:legal-text": ["terms"],
}


def address(name: str, pk: int = 1) -> str:
    return reverse(name, args=[pk] if name in routes.OBJECT_ROUTES else EXAMPLES.get(name, []))


def address_of(name: str, objects: dict[str, Any]) -> str:
    """The address of a route, with the object of `objects` that it shows."""
    if name in routes.TALK:
        thing = objects[{"comment": "own_comment"}.get(routes.TALK[name], routes.TALK[name])]
        return reverse(name, args=[objects["mentorship"].key, thing.pk])
    if name in {*routes.MENTOR, "mentor:accept"}:
        goal = [objects["goal"].pk] if name in routes.MENTOR_WITH_GOAL else []
        return reverse(name, args=[objects["mentorship"].key, *goal])
    return address(name, objects[routes.OBJECT_ROUTES[name]].pk if name in routes.OBJECT_ROUTES else 1)


@pytest.fixture
def objects(user):
    """One object of each kind, all of them of `user`."""
    goal = make_goal(user)
    mentorship = make_mentorship(user, [goal])
    mentorship.meetings.create(starts_at=timezone.now(), set_at=timezone.now(), held_at=timezone.now())
    mentorship.meetings.create(starts_at=timezone.now(), set_at=timezone.now())
    suggestion = propose(mentorship, goal, now=timezone.now())
    mark_read(suggestions=[suggestion.pk], now=timezone.now())  # else the page of the goal would
    return {
        "goal": goal,
        "step": only_step(goal),
        "entry": make_entry(goal),
        "resource": only_step(goal).resources.create(kind="person", description="Dr Osei"),
        "assessment": make_finished_assessment(user),
        "review": make_finished_review(user),
        "opportunity": make_opportunity(user),
        "archived_plan": Plan.objects.create(
            user=user, title="Before", started_on=NOW.date(), state="archived", archived_at=NOW
        ),
        "data_file": make_data_file(user),
        "plan_file": make_ready_plan_file(goal.plan),
        "data_import": make_data_import(user),
        "user_session": make_user_session(user),
        "own_skill": Skill.objects.create(name="Welding", owner=user),
        "passkey": make_passkey(user),
        "second_opinion": make_opinion(mentorship, [Skill.objects.catalogue().first()], now=timezone.now()),
        "mentorship": mentorship,
        "own_comment": say(mentorship, goal, "Mine.", by=Side.OWNER, now=timezone.now()),
        "suggestion": suggestion,
    }


def test_every_route_is_classified():
    known = routes.PUBLIC | set(routes.OBJECT_ROUTES) | routes.OWN | routes.OPERATOR
    assert set(ALL) == known


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_private_routes_redirect_to_sign_in(client, method, subtests):
    expected = reverse("account_login")
    for name in SIGNED_IN:
        with subtests.test(name):
            response = getattr(client, method)(address(name))
            assert (response.status_code, response.url.split("?")[0]) == (302, expected)


@pytest.mark.django_db
def test_public_pages_open_without_signing_in(subtests):
    SchedulerRun.objects.update_or_create(pk=1, defaults={"ran_at": timezone.now()})  # health asks when it last ran
    record_worker("celery@here", timezone.now())
    make_occupation()
    for name in sorted(routes.PUBLIC - routes.BY_SIGNED_LINK - routes.BY_KEY - routes.BY_SETTING):
        with subtests.test(name):
            response = Client().get(address(name))
            assert response.status_code in {200, 302, 405}
            assert not response.headers.get("Location", "").startswith(reverse("account_login") + "?")


@pytest.mark.django_db
def test_a_get_without_signing_in_makes_no_session_and_may_be_indexed_if_it_is_for_everyone(subtests):
    make_occupation()
    for name in sorted(routes.PUBLIC):
        with subtests.test(name):
            response = Client().get(address(name))
            assert settings.SESSION_COOKIE_NAME not in response.cookies
            assert not Session.objects.exists()
            assert ("noindex" in response.headers.get("X-Robots-Tag", "")) == (name not in routes.INDEXED)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_objects_of_others_are_not_found_by_any_route(other_user, objects, method, subtests):
    stranger = Client()
    stranger.force_login(other_user)
    watch = Watch()
    for name, kind in routes.OBJECT_ROUTES.items():
        with subtests.test(name), undone():
            watch.begin()
            response = getattr(stranger, method)(address(name, objects[kind].pk))
            expected = 405 if (method == "get" and name in routes.POST_ONLY) or not allows(name, method) else 404
            assert response.status_code == expected
            assert watch.saw_nothing()


@pytest.mark.django_db
def test_owner_posts_to_each_object(signed_in, objects, subtests):
    """Pages are opened below."""
    for name in sorted(routes.POST_ONLY & set(routes.OBJECT_ROUTES)):
        with subtests.test(name), undone():
            assert signed_in.post(address_of(name, objects)).status_code in {200, 302}


def allows(name: str, method: str) -> bool:
    """Whether a route takes a method at all, asked of the view itself."""
    request = getattr(RequestFactory(), method)("/")
    request.user = AnonymousUser()
    view = ALL[name].pattern.callback
    try:
        response = view(request, pk=0)
    except (Http404, TypeError, AttributeError, ValueError):
        return True
    return response.status_code != 405


@pytest.mark.django_db
def test_a_post_without_the_token_is_refused(user, objects, subtests):
    client, stranger = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    client.force_login(user)
    watch = Watch()
    for name in sorted(ALL):
        with subtests.test(name), undone():
            path = address_of(name, objects)
            if name in routes.CSRF_EXEMPT:
                check_headers(stranger.post(path).headers)
                continue
            watch.begin()
            answer = client.post(path)
            assert answer.status_code in {403, 405}
            assert watch.saw_nothing()
            check_headers(answer.headers)


@pytest.mark.django_db
def test_a_get_of_each_route(user, objects, subtests):
    """Opened by its owner: it changes nothing, has the headers of every answer, and labels that are plain text."""
    watch, refused = Watch(), set()
    for name in sorted(ALL):
        with subtests.test(name), undone():
            client = Client()
            client.force_login(user)
            watch.begin()
            answer = client.get(address_of(name, objects))
            assert watch.saw_nothing()
            check_headers(answer.headers)
            assert labels_with_markup(answer) == []
            if name in SIGNED_IN:  # a robot gets the way to sign in
                assert "X-Robots-Tag" not in answer.headers
            if name in routes.OBJECT_ROUTES and name not in routes.POST_ONLY:
                assert answer.status_code in {200, 302}
            if answer.status_code == 405:
                refused.add(name)
                way_back_is_said(client, answer)
    assert refused >= routes.POST_ONLY
    print(f"{len(ALL)} routes, {len(refused)} answered 405, violations 0")


def way_back_is_said(client, answer) -> None:
    """The address of a button, opened as a page."""
    assertTemplateUsed(answer, "405.html")
    assert answer.headers["Allow"] == "POST"
    assert answer.context["button"]
    assert client.get(answer.context["page_url"]).status_code in {200, 302}


def context_of(response) -> list[Any]:
    """Everything that the templates of a page were given."""
    contexts = response.context if isinstance(response.context, list) else [response.context or Context()]
    return [value for context in contexts for part in context.dicts for value in part.values()]


def labels_with_markup(response) -> list[str]:
    """Labels of a page's forms that could not go into an attribute."""
    forms = [value for value in context_of(response) if isinstance(value, BaseForm)]
    return [str(field.label) for form in forms for field in form.fields.values() if not is_plain(field.label)]


def is_plain(label: object) -> bool:
    return not hasattr(label, "__html__") and "<" not in str(label or "")


def test_labels_of_all_forms_are_plain_text():
    forms, waiting = set(), [BaseForm]
    while waiting:
        waiting += (found := waiting.pop().__subclasses__())
        forms |= {form for form in found if form.__module__.startswith(("careerplan.", "accounts."))}
    assert len(forms) > 50
    labels = [(form, name, field.label) for form in forms for name, field in form.base_fields.items()]
    assert [(form, name) for form, name, label in labels if not is_plain(label)] == []


@pytest.mark.django_db
def test_private_pages_are_not_cached(signed_in):
    assert "no-store" in signed_in.get(reverse("goals:list")).headers["Cache-Control"]


def test_unknown_host_is_a_bad_request(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "400.html" in [template.name for template in response.templates]


@pytest.mark.django_db
def test_missing_page_has_our_404(client):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "404.html" in [template.name for template in response.templates]


@pytest.mark.django_db
def test_healthy_process_reports_ok(client):
    create_due_reminders(as_of=timezone.now(), now=timezone.now())
    record_worker("celery@here", timezone.now())
    assert client.get("/health/").json()["problems"] == []


def test_cookies_are_same_site():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
