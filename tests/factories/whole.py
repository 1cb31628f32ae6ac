"""An account with something of everything: for what must be complete, taken along or gone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from accounts.models import Consent, User
from careerplan.catalogue.models import Occupation, Skill
from careerplan.conversation.models import StoppedDigest
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.first_goals import decline_first_goals
from careerplan.goals.services.goals import ChangeReason, ClosingNotes, close_goal, move_goal
from careerplan.goals.services.progress import evaluate_step, remove_entry, save_evaluation_draft
from careerplan.goals.services.steps import add_step, complete_step, start_step
from careerplan.meetings.services.notes import NoteInput, save_notes
from careerplan.mentoring.models import Mentorship
from careerplan.opportunities import services as opportunities
from careerplan.opportunities.models import Criterion, Opportunity
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.planning.services.pauses import start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Digest, Preferences, RefusedAddress, UserActivity
from careerplan.reminders.services import create_for_users, save_goal_reminders
from careerplan.second_opinion.models import OpinionDecision
from careerplan.second_opinion.services.deciding import decide_differences
from careerplan.skills.services.answers import TaskChange, save_task_answers
from careerplan.skills.services.direction import save_education
from careerplan.skills.services.own_skills import add_own_skill
from tests.factories.conversation import propose, say
from tests.factories.goals import NOW, make_entry, make_goal
from tests.factories.opportunities import decline, make_opportunity
from tests.factories.reviews import make_finished_review, start
from tests.factories.second_opinions import make_live_mentorship, make_opened_opinion
from tests.factories.skills import make_draft, make_finished_assessment

LATER = NOW + timedelta(days=40)
PAUSED = date(2027, 2, 20)


def make_whole_account(user: User, mark: str = "Ruth's own words") -> User:
    """Everything an account can hold, made by the services; `mark` stands in what was typed."""
    decline_first_goals(assessment=make_finished_assessment(user), now=NOW)
    draft = make_draft(user, now=NOW - timedelta(days=2))
    own = add_own_skill(assessment=draft, name=f"Welding, {mark}", level=2, now=NOW)
    save_education(assessment=draft, changes={"level": "bachelor", "field": mark, "enough": "no"}, now=NOW)
    ward, _made = Occupation.objects.get_or_create(code="11-9119.00", defaults={"title": "Charge nurse"})
    task, _made = ward.tasks.get_or_create(text="Draws up the rota", defaults={"position": 1})
    save_task_answers(assessment=draft, changes={task: TaskChange("alone", mark)}, now=NOW)
    first = make_goal(user, title=f"{mark}: before", due_on=date(2027, 3, 1))
    Plan.objects.filter(user=user).update(vision=mark, priorities=[mark, "Home by seven"], currency="GBP")
    close_goal(
        goal=make_goal(user, title=f"{mark}: let go"),
        outcome="let_go",
        notes=ClosingNotes(closing_note=mark, learned=mark, worth=2),
        today=NOW.date(),
        now=NOW,
    )
    make_finished_review(user, NOW - timedelta(days=1))
    plan = Plan.objects.get(user=user, state="active")
    start_new_plan(plan=plan, title=f"Next, {mark}", closing_notes=mark, carried={first.pk}, now=NOW)
    goal = make_goal(user, title=f"{mark}: twelve shifts", origin_skill=own, why=mark)
    Goal.objects.filter(pk=goal.pk).update(stop_on=date(2027, 5, 1), stop_condition=mark)
    goal.refresh_from_db()
    yes_no = {"measure_kind": "yes_no", "done_when": mark}
    make_goal(user, title="A contract", measure=yes_no, area="personal", due_on=date(2027, 2, 10))
    make_entry(goal, "3.5", note=mark)
    remove_entry(entry=make_entry(goal, 99), now=NOW)
    needs = ({"kind": "money", "description": mark, "cost": Decimal("85.50")},)
    step = {
        "title": mark,
        "due_on": date(2027, 3, 5),
        "effort_hours": Decimal("2.5"),
        "kind": "course",
    }
    done = add_step(goal=goal, changes=step, resources=needs, form_key=uuid4(), now=NOW)
    complete_step(step=done, now=NOW)
    evaluate_step(step=done, changes={"worth": 4, "hours_spent": Decimal(3), "learned": mark}, now=NOW)
    begun = add_step(goal=goal, changes={"title": mark, "due_on": date(2027, 3, 6)}, form_key=uuid4(), now=NOW)
    complete_step(step=begun, now=NOW)
    save_evaluation_draft(step=begun, changes={"learned": mark}, now=NOW)
    start_step(step=only_step_of(goal, done, begun))
    add_step(goal=goal, changes={"title": mark, "due_on": None}, form_key=uuid4(), now=NOW)
    weekly = {"title": mark, "due_on": date(2027, 1, 8), "repeats": "weekly:1:5", "repeats_until": date(2027, 6, 4)}
    complete_step(step=add_step(goal=goal, changes=weekly, form_key=uuid4(), now=NOW), now=NOW)
    move_goal(
        goal=goal,
        due_on=date(2027, 7, 30),
        reason=ChangeReason(reason="life", note=mark, moved_steps=frozenset(goal.steps.values_list("pk", flat=True))),
        today=NOW.date(),
        now=NOW,
    )
    save_goal_reminders(goal=goal, leads=[14, 1], is_muted=False)
    Preferences.objects.update_or_create(user=user, defaults={"hour": 7, "muted_kinds": ["overdue"]})
    create_for_users([user.pk], as_of=datetime(2027, 2, 9, 9, tzinfo=UTC), now=NOW)
    Digest.objects.filter(user=user).update(state="sent", sent_at=NOW, subject=mark)
    data = {"starts_on": PAUSED, "ends_on": PAUSED + timedelta(days=9), "reason": Pause.Reason.EXAMS, "note": mark}
    start_pause(plan=goal.plan, form_key=uuid4(), changes=data, now=NOW)
    make_weighed_opportunity(user, goal, mark)
    make_second_opinion(user, mark)
    start(user, LATER)
    Consent.objects.create(user=user, kind="terms", number=1, agreed_at=NOW)
    UserActivity.objects.update_or_create(user=user, defaults={"seen_at": NOW})
    RefusedAddress.objects.create(user=user, address=user.email, refused_on=NOW.date(), smtp_response=mark)
    return user


def make_second_opinion(user: User, mark: str) -> None:
    """An opinion of a mentor that differs in one skill, which is to be talked about."""
    mentorship = make_live_mentorship(user, name=mark)
    skills = [Skill.objects.get(key=f"t-{key}-0", owner=None) for key in ("thinking", "money")]
    opinion = make_opened_opinion(mentorship, skills, [3, None], mark)
    decisions = OpinionDecision.objects.filter(rating__asked__opinion=opinion)
    goal = Goal.objects.for_user(user).filter(plan__state="active", state="active").first()
    mentorship.shared_goals.create(goal=goal, shared_at=NOW)
    say(mentorship, goal, mark)
    propose(mentorship, goal, mark)
    StoppedDigest.objects.create(user=user, stopped_at=NOW)
    mentorship.changes.create(kind="accepted", by="mentor", happened_at=NOW)
    mentorship.visits.create(started_at=NOW, last_at=NOW, places=["plan"])
    choices = dict.fromkeys(decisions.values_list("pk", flat=True), OpinionDecision.Choice.THEIRS)
    decide_differences(opinion=opinion, choices=choices, shown=set(choices), now=NOW)
    meeting = mentorship.meetings.create(starts_at=NOW, set_at=NOW)
    save_notes(mentorship=mentorship, form_key=meeting.key, notes=[NoteInput(text=mark, kind="note")], now=NOW)
    ended = {"state": Mentorship.State.ENDED, "place": None, "ended_at": NOW, "end_reason": "stopped"}
    Mentorship.objects.filter(pk=mentorship.pk).update(**ended)


def make_weighed_opportunity(user: User, goal: Goal, mark: str) -> Opportunity:
    """An opportunity with all that can be said of it, decided on and looked back on; and one that is open."""
    make_opportunity(user, f"{mark}: open", closes_on=date(2027, 3, 10), link="https://example.org/post", summary=mark)
    skill = Skill.objects.visible_to(user).first()
    made = make_opportunity(user, mark, organisation=mark, needs={skill.pk: 4})
    opportunities.set_criteria(plan=made.plan, criteria=[Criterion(name=mark, weight=3)], seen=[])
    made = opportunities.weigh_opportunity(
        opportunity=made,
        answers=opportunities.WeighingAnswers(
            pros=mark,
            cons=mark,
            vision_score=4,
            effects={goal.pk: "helps"},
            priorities={mark: 5},
            criteria={Criterion.objects.get(plan=made.plan).pk: 2},
        ),
        now=NOW,
    )
    decline(made, now=NOW - timedelta(days=100))
    return opportunities.review_outcome(opportunity=made, outcome_review="no", note=mark, now=NOW, today=NOW.date())


def only_step_of(goal: Goal, *but: ActionStep) -> ActionStep:
    """The one of its steps that is none of these."""
    return goal.steps.exclude(pk__in=[one.pk for one in but]).get()
