"""The wall: everyone at every address of mentors, and a mentor at every address of the product."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.conversation.models import Side
from careerplan.goals.models import ActionStep, Goal, ProgressEntry
from careerplan.goals.services.steps import complete_step
from careerplan.meetings.services.dates import set_meeting
from careerplan.mentoring.delivery import send_owed_emails
from careerplan.mentoring.mentor.code_email import send_code
from careerplan.mentoring.mentor.queries import load_mentor_plan
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.ending import stop_sharing
from careerplan.mentoring.services.invitations import accept
from careerplan.plans.models import Plan
from careerplan.second_opinion.services.answering import send_opinion
from tests.architecture import routes
from tests.architecture.test_routes import WITHOUT_OBJECT, address_of, objects
from tests.architecture.test_routes import address as own_address
from tests.database import Watch, fingerprint, undone
from tests.factories.accounts import UserFactory
from tests.factories.conversation import propose, say
from tests.factories.goals import make_entry, make_goal
from tests.factories.mentoring import EVERYTHING, let_in, make_invitation, make_mentorship
from tests.factories.opportunities import make_opportunity
from tests.factories.reviews import make_finished_review
from tests.factories.second_opinions import answer_opinion, make_opinion
from tests.factories.whole import LATER, make_whole_account

__all__ = ["objects"]  # the fixture
pytestmark = pytest.mark.django_db

CANARY = f"canary-{uuid4().hex[:12]}"
SHARED, VISION = "Speak to 100 people without notes", "A ward where people stay"
# Of these the shared words may be seen by nobody but the mentor.
OPINION = {"mentor-opinion:start", "mentor-opinion:skill", "mentor-opinion:sent"}
INSIDE = {"mentor:plan", "mentor:goal", "mentor:leave", "mentor:sign-out"} | OPINION
INSIDE |= {"mentor-meeting:sheet", "mentor-meeting:calendar"}
LINE = "The night the lift failed"  # of the mentor about a skill
TOKENS = re.compile(r'value="[0-9a-f-]{36}"|name="csrfmiddlewaretoken" value="\w+"')


def private_everywhere(goal: Goal) -> None:
    """A canary in every field of a shared goal that its mentor must not see."""
    fields = ("why", "closing_note", "learned", "stop_condition", "obstacle", "obstacle_plan", "origin_task")
    Goal.objects.filter(pk=goal.pk).update(stop_on=goal.due_on, **dict.fromkeys(fields, CANARY))
    steps = ("details", "obstacle", "obstacle_plan")
    ActionStep.objects.filter(goal=goal).update(**dict.fromkeys(steps, CANARY))
    step = goal.steps.get()
    step.resources.create(kind="person", description=CANARY)
    ProgressEntry.objects.filter(goal=goal).update(note=CANARY)


@pytest.fixture(scope="module")
def whole_account(django_db_setup, django_db_blocker):
    """The account of `plan`, made once for all tests, in a transaction around theirs."""
    with django_db_blocker.unblock(), undone():
        with time_machine.travel(LATER, tick=False):
            owner = make_whole_account(UserFactory(time_zone="Europe/London"), CANARY)
            for open_one in Mentorship.objects.for_user(owner).open():  # free the places that it has taken
                stop_sharing(mentorship=open_one, now=timezone.now())
            goal = make_goal(owner, title=SHARED)
            make_entry(goal, 5, note=CANARY)
            private_everywhere(goal)
            Plan.objects.filter(user=owner, state="active").update(vision=VISION)
        connection.check_constraints()  # what is pending: each test would check it, and take that back
        yield owner.pk, goal.pk


@pytest.fixture
def owner(whole_account, db):
    """An owner with something of everything, all of it a canary but what is shared: one goal, the vision, the rest."""
    with time_machine.travel(LATER, tick=False):
        yield User.objects.get(pk=whole_account[0])


@pytest.fixture
def plan(whole_account, owner):
    return Goal.objects.get(pk=whole_account[1])


@pytest.fixture
def everyone(owner, plan):
    """Browsers of everyone, and the mentorship whose wall it is. Places are three: one has ended before."""
    now = timezone.now()
    other_goal = Goal.objects.for_user(owner).filter(plan=plan.plan_id).exclude(pk=plan.pk).first()
    revoked = make_mentorship(owner, [plan], email="revoked@example.org", **EVERYTHING)
    revoked_browser = let_in(revoked)
    stop_sharing(mentorship=revoked, now=now)
    account = UserFactory()
    mentorship = make_mentorship(owner, [plan], mentor=account, email="mentor@example.org", **EVERYTHING)
    skill = Skill.objects.get(key="t-thinking-0", owner=None)
    opinion = make_opinion(mentorship, [skill], now=now)
    answer_opinion(opinion, [3], LINE, now=now)
    send_opinion(mentorship=mentorship, opinion_id=opinion.pk, now=now)
    set_meeting(mentorship=mentorship, starts_at=now + timedelta(days=3), now=now)
    other = make_mentorship(owner, [other_goal], email="other@example.org")
    invited = make_invitation(owner, [plan], email="invited@example.org", **EVERYTHING)
    browsers = {
        "owner": Client(),
        "mentor": let_in(mentorship),
        "mentor with an account": Client(),
        "mentor of another": let_in(other),
        "revoked": revoked_browser,
        "expired": let_in(mentorship),
        "invited, not confirmed": let_in(invited),
        "anonymous": Client(),
    }
    browsers["owner"].force_login(owner)
    browsers["mentor with an account"].force_login(account)
    mentorship.sessions.order_by("-pk").first().delete()  # the 12 hours of "expired" are over
    keys = {"revoked": revoked.key, "invited, not confirmed": invited.key}
    return browsers, mentorship, keys, other_goal


def mentor_addresses(key, *goals):
    """Each address of mentors, with each of some goals."""
    for name in sorted(routes.MENTOR):
        numbers = (1,) if name == "mentor-opinion:skill" else goals if name in routes.MENTOR_WITH_GOAL else (None,)
        for pk in numbers:
            yield name, pk, reverse(name, args=[key] if pk is None else [key, pk])


def test_everyone_at_every_address_of_mentors(everyone, plan, subtests):
    browsers, mentorship, keys, other_goal = everyone
    watch, asked = Watch(), 0
    for who, browser in browsers.items():
        may = who in {"mentor", "mentor with an account"}
        unknown = {uuid4()} if who == "anonymous" else set()
        for key in {mentorship.key, keys.get(who, mentorship.key), *unknown}:
            for name, pk, address in mentor_addresses(key, plan.pk, other_goal.pk):
                for method in ("get", "post"):
                    with subtests.test(f"{who} {method} {name}"), undone():
                        watch.begin()
                        answer = getattr(browser, method)(address, {"comment": "typed"} if method == "post" else {})
                        asked += 1
                        text = answer.content.decode()
                        assert CANARY not in text
                        is_in = may and key == mentorship.key and name in INSIDE
                        is_in = is_in and (pk in (None, plan.pk) or name in OPINION)
                        if is_in and method == "get":
                            expected = 405 if name in routes.POST_ONLY else 302 if name.endswith(":start") else 200
                            assert answer.status_code == expected
                            assert (LINE in text) == (name == "mentor-opinion:skill")
                        elif name in INSIDE and not (is_in and method == "post"):
                            assert answer.status_code in {302, 403, 404, 405, 410}
                            assert SHARED not in text
                            assert VISION not in text
                            assert LINE not in text
                            assert may or watch.saw_nothing()
                        if method == "get" and not may:
                            assert watch.saw_nothing()
    print(f"{asked} requests of {len(browsers)} people at {len(routes.MENTOR)} routes of mentors, violations 0")


OTHER_METHODS = ("put", "patch", "delete", "options", "head")


def test_no_other_method_does_anything(everyone, plan, subtests):
    """The mentor tries all at each address. Whom the door refuses tries one at each, another at the next.

    HEAD is a GET of which the server sends no content, and everyone's GET of each address is above.
    """
    browsers, mentorship, _keys, _other_goal = everyone
    before, asked = fingerprint(), 0
    for number, (who, browser) in enumerate(browsers.items()):
        for place, (name, _pk, address) in enumerate(mentor_addresses(mentorship.key, plan.pk)):
            for method in OTHER_METHODS if who == "mentor" else (OTHER_METHODS[(number + place) % 5],):
                with subtests.test(f"{who} {method} {name}"):
                    answer = getattr(browser, method)(address)
                    asked += 1
                    assert not answer.content
                    assert answer.status_code in (
                        {200, 302, 403, 404, 405} if method == "head" else {302, 403, 404, 405}
                    )
    assert fingerprint() == before
    print(f"{asked} requests with other methods at {len(routes.MENTOR)} routes of mentors, violations 0")


def test_mentor_at_every_other_address(objects, subtests):
    account, mentorship, asked = UserFactory(), objects["mentorship"], 0
    accept(mentorship=mentorship, mentor=account, now=timezone.now())
    with_account = Client()
    with_account.force_login(account)
    before = fingerprint()
    for browser, expected in ((with_account, {404, 405}), (let_in(mentorship), {302, 405})):
        for name in routes.OBJECT_ROUTES:
            for method in ("get", "post"):
                with subtests.test(f"{method} {name}"), undone():
                    if browser is not with_account:  # a session with a message was rolled back
                        browser.cookies.pop(settings.SESSION_COOKIE_NAME, None)
                    answer = getattr(browser, method)(address_of(name, objects))
                    asked += 1
                    assert answer.status_code in expected
        before |= {"mentoring_mentorsession": fingerprint()["mentoring_mentorsession"]}
        assert fingerprint() == before
    print(f"{asked} requests of mentors at {len(routes.OBJECT_ROUTES)} routes of owners, violations 0")


def test_no_address_without_an_object_shows_anything_of_the_plan(everyone, subtests):
    """All other routes: who has no account reads public pages, who has one reads their own, of an empty plan, and posts
    where no page was shown: else the form would be shown again.
    """
    browsers, _mentorship, _keys, _other_goal = everyone
    without, account = Client(), browsers["mentor with an account"]
    for who in ("mentor", "mentor of another", "revoked", "expired", "invited, not confirmed"):
        without.cookies.update(browsers[who].cookies)
    names, asked, answer = sorted(set(WITHOUT_OBJECT) - set(routes.MENTOR) - set(routes.TALK)), 0, None
    session = account.cookies[settings.SESSION_COOKIE_NAME].value
    for name in names:
        for browser, method in ((without, "get"), (account, "get"), (account, "post")):
            if method == "post" and answer.status_code == 200:
                continue
            with subtests.test(f"{method} {name}"), undone():
                account.cookies[settings.SESSION_COOKIE_NAME] = session  # the address before may have ended it
                answer = getattr(browser, method)(own_address(name))
                text = b"".join(answer).decode(errors="replace")
                asked += 1
                assert not any(words in text for words in (CANARY, SHARED, VISION, LINE))
    print(f"{asked} requests of mentors at {len(names)} other routes, violations 0")


def test_mentor_sees_what_is_shared_and_no_canary(everyone, plan):
    browsers, mentorship, _keys, _other_goal = everyone
    page = browsers["mentor"].get(reverse("mentor:plan", args=[mentorship.key])).content.decode()
    assert SHARED in page
    assert VISION in page
    goal = browsers["mentor"].get(reverse("mentor:goal", args=[mentorship.key, plan.pk])).content.decode()
    assert "5 of 12 shifts" in goal
    assert plan.steps.get().title in goal
    assert CANARY not in page + goal
    assert mentorship.owner.email not in page + goal
    owner = browsers["owner"].get(reverse("people:view", args=[mentorship.pk])).content.decode()
    assert SHARED in owner
    assert CANARY not in owner


def test_what_is_not_shared_changes_no_byte_of_the_mentors_pages(user):
    """Not in counts, titles or order either: the same pages whatever happens in other goals."""
    now = timezone.now()
    goal, hidden = make_goal(user, title=SHARED), make_goal(user, title="Hidden")
    make_entry(goal, 5)
    review = make_finished_review(user, now)
    mentorship = make_mentorship(user, [goal], email="counts@example.org", **EVERYTHING)
    set_meeting(mentorship=mentorship, starts_at=now + timedelta(days=3), now=now)
    browser, key = let_in(mentorship), mentorship.key
    addresses = [
        *(reverse(name, args=[key]) for name in ("mentor:plan", "mentor-meeting:sheet")),
        *(reverse(name, args=[key, pk]) for name, pk in (("mentor:goal", goal.pk), ("talk:review", review.pk))),
    ]

    def pages():
        texts = [browser.get(one) for one in addresses]
        assert [one.status_code for one in texts] == [200] * 4
        return [TOKENS.sub("", one.content.decode()) for one in texts]

    before = pages()
    assert review.goals.count() == 2
    assert "Of 1 goal that you see" in before[3]
    make_entry(hidden, 7)
    complete_step(step=hidden.steps.get(), now=now)
    for n in range(3):
        make_goal(user, title=f"Late {n}", due_on=timezone.localdate() - timedelta(days=n + 1))
    make_opportunity(user)
    Goal.objects.filter(pk=hidden.pk).update(state="reached", closed_at=now)
    assert pages() == before


def test_only_ticked_parts_are_there(owner, plan):
    mentorship = make_mentorship(owner, [plan], email="mentor@example.org")
    found = load_mentor_plan(mentorship, today=LATER.date(), since=LATER - timedelta(days=99))
    assert (found.vision, found.strengths, found.review) == ("", (), None)
    assert [goal.title for goal in found.goals] == [SHARED]
    Mentorship.objects.filter(pk=mentorship.pk).update(**EVERYTHING)
    mentorship.refresh_from_db()
    found = load_mentor_plan(mentorship, today=LATER.date(), since=LATER - timedelta(days=99))
    assert found.vision == VISION
    assert [(move.number, move.goal_title) for move in found.moves] == [("5 shifts", SHARED)]


def test_no_canary_in_any_email_to_a_mentor(owner, plan, mail_box):
    mentorship = make_mentorship(owner, [plan], email="kwame-mails@example.org", **EVERYTHING)
    invitation = make_invitation(owner, [plan], email="karen-mails@example.org", line="Look in?", **EVERYTHING)
    now, third = timezone.now(), make_mentorship(owner, [plan], email="joan-mails@example.org", **EVERYTHING)
    make_opinion(third, [Skill.objects.get(key="t-thinking-0", owner=None)], now=now)
    set_meeting(mentorship=third, starts_at=now + timedelta(days=3), now=now)
    say(third, plan, "Words of the comment", by=Side.OWNER, now=now)
    send_code(mentorship, now=timezone.now())
    stop_sharing(mentorship=mentorship, now=timezone.now())
    send_owed_emails(clock=lambda: timezone.now() + timedelta(days=1))
    mails = mail_box.to(mentorship.email) + mail_box.to(invitation.email) + mail_box.to(third.email)
    assert len(mails) == 6
    for mail in mails:
        content = "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
        assert CANARY not in content + str(mail["Subject"])
        assert owner.email not in content
        assert "Words of the comment" not in content
        assert SHARED not in content


def test_every_form_is_refused_when_sharing_ended_before_its_post(owner, plan, subtests):
    mentorship = make_mentorship(owner, [plan], email="mentor@example.org", **EVERYTHING)
    now, browser = timezone.now(), let_in(mentorship)
    make_opinion(mentorship, [Skill.objects.get(key="t-thinking-0", owner=None)], now=now)
    set_meeting(mentorship=mentorship, starts_at=now + timedelta(days=3), now=now)
    review = owner.plans.get(state="active").reviews.finished().first()
    numbers = {
        "goal": plan.pk, "review": review and review.pk, "comment": say(mentorship, plan, now=now).pk,
        "suggestion": propose(mentorship, plan, now=now).pk,
    }  # fmt: skip
    inside = [name for name in sorted(INSIDE) if name not in routes.MENTOR_WITH_GOAL]
    addresses = {name: reverse(name, args=[mentorship.key]) for name in inside}
    addresses |= {name: reverse(name, args=[mentorship.key, numbers[kind] or 1]) for name, kind in routes.TALK.items()}
    addresses["mentor-opinion:skill"] = reverse("mentor-opinion:skill", args=[mentorship.key, 1])
    pages = [addresses[name] for name in ("mentor:leave", "mentor-opinion:skill")]
    pages.append(reverse("mentor:goal", args=[mentorship.key, plan.pk]))
    assert {browser.get(page).status_code for page in pages} == {200}
    stop_sharing(mentorship=mentorship, now=now)
    assert {browser.get(page).status_code for page in pages} == {410}
    watch = Watch()
    for name, address in addresses.items():
        with subtests.test(name), undone():
            watch.begin()
            answer = browser.post(address, {"text": LINE, "title": LINE, "evidence": LINE, "form_key": str(uuid4())})
            assert answer.status_code == 410
            assert LINE in answer.content.decode()
            assert watch.saw_nothing()
    print(f"{len(addresses)} forms posted after sharing had ended, changes 0")


def test_goal_of_somebody_else_cannot_be_shared(owner, user, plan, client):
    foreign = make_goal(user, title="Not Ruth's")
    client.force_login(owner)
    mentorship = make_mentorship(owner, [plan], email="mentor@example.org")
    answer = client.post(reverse("people:person", args=[mentorship.pk]), {"goals": [foreign.pk, plan.pk]})
    assert answer.status_code == 200
    assert answer.context["form"].errors.as_data()["goals"][0].code == "invalid_choice"
    assert list(mentorship.shared_goals.values_list("goal", flat=True)) == [plan.pk]
