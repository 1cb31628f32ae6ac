"""People whom browser tests need, made in the stack (see StackProcess) by the factories of the other tests."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db.models import Count, F
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import invite
from careerplan.catalogue.models import Occupation, OccupationNeed
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import ClosingNotes, close_goal
from careerplan.local.demo import load_demo
from careerplan.mentoring.models import MentoringEmail
from careerplan.operations.models import Backup
from careerplan.operators.actors import Actor
from careerplan.operators.services.people import block
from careerplan.reminders.email_actions.links import ActionTarget, link_maker
from careerplan.reminders.models import RefusedAddress, ReminderSchedule
from careerplan.site_settings.models import LegalText
from careerplan.site_settings.services import publish_text
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.answers import TaskChange, save_ratings, save_task_answers
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.finish import finish_assessment
from tests.factories.accounts import UserFactory
from tests.factories.career_people import PEOPLE, make_career_results
from tests.factories.goals import add_steps, make_goal
from tests.factories.skills import answer_interests, answer_judgement, make_draft
from tests.mailbox import MailBox


def session_cookie(*, email: str) -> dict[str, str]:
    """Sign a user in without the page; return the cookie of the session."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def make_ruth() -> dict[str, str]:
    """The person of the demo, made afresh; the cookie of a session."""
    return session_cookie(email=make_ruth_address())


def make_ruth_address() -> str:
    """The person of the demo, made afresh; the email address."""
    return load_demo(now=timezone.now()).email


def make_person(*, time_zone: str = "Europe/London") -> str:
    """Create a user without a plan; return the email address."""
    return UserFactory(email=f"{uuid4().hex}@example.org", time_zone=time_zone).email


def make_person_at_questions() -> str:
    """Create a nurse without a target whose quick assessment is at its first questions; return the email address."""
    user, now = User.objects.get(email=make_person()), timezone.now()
    draft = make_draft(user, mode=Assessment.Mode.QUICK, now=now)
    direction = {"career_stage": "promotion", "current_role": "Registered nurse", "target_undecided": True}
    save_direction(assessment=draft, changes=direction, now=now)
    save_education(assessment=draft, changes={"level": "bachelor", "enough": "yes"}, now=now)
    return user.email


def make_person_with_goals() -> str:
    """Create a user with two goals, one with a number and one with yes or no; return the email address."""
    user = User.objects.get(email=make_person())
    today = timezone.localdate()
    yes_or_no = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "We met"}
    counted = {"measure_kind": Goal.MeasureKind.NUMBER, "unit": "talks", "start_value": 0, "target_value": Decimal(4)}
    for title, measure, days in (("Give four talks", counted, 90), ("Find a mentor", yes_or_no, 99)):
        make_goal(
            user,
            title=title,
            measure=measure,
            starts_on=today - timedelta(days=30),
            due_on=today + timedelta(days=days),
            step_due_on=today + timedelta(days=9),
            now=timezone.now(),
        )
    return user.email


def make_career_person(*, name: str) -> str:
    """Create a user with the results of one of the people of tests/factories/career_people; return the address."""
    user = User.objects.get(email=make_person())
    make_career_results(user, PEOPLE[name], now=timezone.now())
    return user.email


def make_undecided_person() -> dict[str, str | int]:
    """A user who answers as nurses do, with no target: the email address, an occupation that is not rated, and one with
    rough figures.
    """
    user, now = User.objects.get(email=make_person()), timezone.now()
    draft = make_draft(user, now=now)
    changes = {"career_stage": "starting", "target_undecided": True}
    save_direction(assessment=draft, changes=changes, now=now)
    save_education(assessment=draft, changes={"level": "secondary", "enough": "unsure"}, now=now)
    answer_interests(draft, 2, social=5, artistic=4, now=now)
    needs = dict(OccupationNeed.objects.filter(occupation__code="29-1141.00").values_list("skill_id", "level"))
    asked = [skill.pk for skill in load_wizard(draft).answers.skills]
    save_ratings(assessment=draft, levels={pk: needs.get(pk, 2) for pk in asked}, now=now)
    answer_judgement(draft, now=now)
    finish_assessment(assessment=draft, now=now, today=now.date())
    unrated, _ = Occupation.objects.get_or_create(code="99-9999.00", defaults={"title": "Lighthouse keeper"})
    return {
        "email": user.email,
        "unrated": unrated.pk,
        "rough": Occupation.objects.filter(source="oasis-2023").values_list("pk", flat=True).first(),
    }


def make_person_with_gaps() -> str:
    """A user without goals who answers as nurses do and wants to run a health service; return the email address."""
    user, now = User.objects.get(email=make_person()), timezone.now()
    draft = make_draft(user, now=now)
    target = Occupation.objects.get(code="11-9111.00")
    direction = {"career_stage": "promotion", "current_role": "Registered nurse", "target_occupation": target}
    save_direction(assessment=draft, changes=direction, now=now)
    save_education(assessment=draft, changes={"level": "bachelor", "enough": "yes"}, now=now)
    needs = dict(OccupationNeed.objects.filter(occupation__code="29-1141.00").values_list("skill_id", "level"))
    asked = [skill.pk for skill in load_wizard(draft).answers.skills]
    save_ratings(assessment=draft, levels={pk: needs.get(pk, 2) for pk in asked}, now=now)
    answers = [TaskChange(one, "") for one in ("never", "help", "alone")]
    changes = {task: answers[place % 3] for place, task in enumerate(target.tasks.all())}
    save_task_answers(assessment=draft, changes=changes, now=now)
    answer_interests(draft, 3, now=now)
    answer_judgement(draft, now=now)
    finish_assessment(assessment=draft, now=now, today=now.date())
    return user.email


def make_email_links() -> dict[str, str]:
    """A goal with two steps and a stop rule, of a new user; the links of an email about each."""
    user, today = User.objects.get(email=make_person()), timezone.localdate()
    goal = make_goal(
        user,
        starts_on=today,
        due_on=today + timedelta(days=90),
        step_due_on=today + timedelta(days=2),
        now=timezone.now(),
    )
    (group,) = add_steps(goal, "Find a group")
    shoes = goal.steps.exclude(pk=group.pk).get()
    ActionStep.objects.filter(pk=shoes.pk).update(title="Buy shoes")
    Goal.objects.filter(pk=goal.pk).update(stop_on=today, stop_condition="I have run five")
    make = link_maker(user_id=user.pk, address=user.email, mailed_on=today)
    return {
        "goal": f"/r/{make(ActionTarget.GOAL, goal.pk, goal.due_on)}/",
        "rule": f"/r/{make(ActionTarget.STOP_RULE, goal.pk, today)}/",
        "shoes": f"/r/{make(ActionTarget.STEP, shoes.pk, shoes.due_on)}/",
        "group": f"/r/{make(ActionTarget.STEP, group.pk, group.due_on)}/",
    }


def let_days_pass() -> None:
    """What three days do: the dates have been known for as long. Everything else is left to beat and worker."""
    earlier = F("due_set_at") - timedelta(days=3)
    Goal.objects.filter(state="active").update(due_set_at=earlier)
    ActionStep.objects.filter(goal__state="active").update(due_set_at=earlier)
    ReminderSchedule.objects.update(next_check_at="1970-01-01T00:00Z")


def make_operator() -> dict[str, Any]:
    """Create an operator with a second step, and people in each state; return the cookie and the pages to look at."""
    now, today = timezone.now(), timezone.localdate()
    operator = UserFactory(email=f"{uuid4().hex}@example.org", name="Ines Roth", is_staff=True)
    TOTP.activate(operator, generate_totp_secret())
    deniz = UserFactory(email=f"d.marlow.{uuid4().hex[:6]}@example.net", name="Deniz Marlow")
    hana = UserFactory(email=f"hana.{uuid4().hex[:6]}@exmaple.org", name="Hana Okafor", confirmed=False)
    paul = UserFactory(email=f"p.ferrand.{uuid4().hex[:6]}@example.com", name="Paul Ferrand")
    RefusedAddress.objects.create(
        user=deniz, address=deniz.email, refused_on=today, stopped_at=now, smtp_response="550 5.1.1 no such user here"
    )
    block(actor=Actor("Ines Roth", operator), user=paul, now=now, why="Sends advertising")
    invite(email=f"guest.{uuid4().hex[:6]}@example.net", now=now)
    for kind in ("privacy", "terms"):
        text = "## Who is responsible\n\nNorthgate Hospitals Trust\n\n- Leeds\n- [Write](mailto:a@example.org)"
        newest = LegalText.objects.filter(kind=kind).count()
        publish_text(kind=kind, text=text, asks_again=False, after=newest, now=now)
    if not Backup.objects.exists():
        made = {"state": "made", "made_at": now, "checked_at": now, "size": 48_200_000, "version": "0.1.0+3f2a1b9"}
        Backup.objects.create(
            **made, name="careerplan-20270301T023000Z.dump", asked_at=now, asked_by="root (command)", not_before=now
        )
        Backup.objects.create(
            state="failed", problem="pg_dump failed: no space left", asked_at=now, asked_by="Ines Roth", not_before=now
        )
    people = {"refused": deniz, "unconfirmed": hana, "blocked": paul}
    pages = {
        "people": "/operator/",
        "nobody": "/operator/?q=qqqqq",
        **{f"person-{name}": f"/operator/people/{person.pk}/" for name, person in people.items()},
        **{f"act-{name}": f"/operator/people/{deniz.pk}/{name}/" for name in ("block", "delete", "address")},
        "invitations": "/operator/invitations/",
        "site": "/operator/site/",
        "logo": "/operator/site/logo/",
        "text": "/operator/site/texts/terms/",
        "health": "/operator/health/",
        "server": "/operator/server/",
        "audit-log": "/operator/audit-log/",
        "terms": "/terms/",
        "privacy": "/privacy/",
    }
    return {"cookie": _second_step_cookie(operator), "pages": pages}


def _second_step_cookie(operator: User) -> dict[str, str]:
    client = Client()
    client.force_login(operator)
    request = RequestFactory().get("/")
    request.session, request.user = client.session, operator
    for method in ("password", "mfa"):
        record_authentication(request, operator, method=method)
    request.session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def reach_a_goal(*, email: str) -> str:
    """Close the goal with the most progress entries as reached, with words about it; return the address of its page."""
    now = timezone.now()
    goals = Goal.objects.filter(plan__user__email=email, measure_kind=Goal.MeasureKind.NUMBER).active()
    goal = goals.annotate(entries=Count("progress_entries")).order_by("-entries", "pk")[0]
    notes = ClosingNotes(learned="I lead when I ask early.", worth=5, final_value=goal.target_value)
    close_goal(goal=goal, outcome=Goal.State.REACHED, notes=notes, today=timezone.localdate(now), now=now)
    return reverse("goals:how-it-went", args=[goal.pk])


def emails_to(address: str) -> list[str]:
    """The subject and the text of each email that has arrived at an address, oldest first."""
    found = MailBox(Path(settings.LOCAL_MAIL_DIR))
    found.before = set()
    return [f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in found.to(address)]


def send_mentoring_emails_now() -> None:
    """Let an invitation leave that could still be taken back, for a reader who does not wait."""
    MentoringEmail.objects.pending().filter(occasion="1").update(not_before=timezone.now())
