"""Reviews of a plan, goal by goal. A review can be changed until it is finished, then no more (readonly_rules.py)."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from careerplan.core.addresses import page_url
from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models import Goal, ProgressEntry
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.pace import Pace
from careerplan.plans.models import Plan
from careerplan.reviews.cadence import Cadence, CadenceRule
from careerplan.reviews.triggers import create_schedule_with_plan

ANSWER_LENGTH = 4000
NOTE_LENGTH = 1000


class ReviewedPlan(Plan):
    """Proxy that carries a trigger: the database makes a review schedule with each plan."""

    class Meta:
        proxy = True
        triggers: ClassVar = [create_schedule_with_plan()]


class ReviewScheduleQuerySet(OwnedQuerySet["ReviewSchedule"]):
    owner_path = "plan__user"


class ReviewSchedule(models.Model):
    """How often a plan is reviewed. Each plan has one schedule; a trigger makes it with the plan.

    `next_on` is the first date for which no review was made yet; null for Cadence.NONE.
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="review_schedule")
    cadence = models.CharField(_("how often"), max_length=11, choices=Cadence)
    anchor_on = models.DateField(_("counted from"))
    next_on = models.DateField(_("next review"), null=True, blank=True)

    objects = ReviewScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("review schedule")
        verbose_name_plural = _("review schedules")
        indexes: ClassVar = [
            models.Index(fields=["next_on", "id"], condition=Q(next_on__isnull=False), name="reviews_schedule_next"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="reviews_schedule_cadence_known"),
            models.CheckConstraint(
                condition=Q(cadence="none", next_on__isnull=True) | (~Q(cadence="none") & Q(next_on__isnull=False)),
                name="reviews_schedule_next_on",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gte=F("anchor_on")),
                name="reviews_schedule_next_from_anchor",
            ),
        ]

    def __str__(self) -> str:
        return self.get_cadence_display()

    @property
    def rule(self) -> CadenceRule:
        """The rule that computes its dates."""
        return CadenceRule(Cadence(self.cadence), self.anchor_on)


class ReviewQuerySet(OwnedQuerySet["Review"]):
    owner_path = "plan__user"

    def open(self) -> "ReviewQuerySet":
        """Return reviews that are not finished; a plan has at most one."""
        return self.filter(finished_at__isnull=True)

    def finished(self) -> "ReviewQuerySet":
        """Return finished reviews, newest first."""
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")

    def with_unanswered(self) -> "ReviewQuerySet":
        """Add `unanswered`: the number of open goals without an answer."""
        left_open = Q(goals__state=Goal.State.ACTIVE, goals__answer="")
        return self.annotate(unanswered=Count("goals", filter=left_open))


class Review(models.Model):
    """A review of a plan, made when it is due or when the person starts one.

    `due_on` is its date in the schedule, or the day it was started for a review in between.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField(_("due date"))
    made_at = models.DateTimeField(_("made at"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    saved_at = models.DateTimeField(_("last saved"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    went_well = models.TextField(_("what went well?"), max_length=ANSWER_LENGTH, blank=True)
    obstacles = models.TextField(_("what got in the way?"), max_length=ANSWER_LENGTH, blank=True)
    next = models.TextField(_("what is next?"), max_length=ANSWER_LENGTH, blank=True)
    # Totals of the plan, saved when the review is finished; "since" means since the review before.
    goals_open = models.PositiveSmallIntegerField(_("open goals"), null=True, blank=True)
    goals_on_track = models.PositiveSmallIntegerField(_("open goals on track"), null=True, blank=True)
    goals_reached = models.PositiveSmallIntegerField(_("goals reached since the last review"), null=True, blank=True)
    goals_reached_so_far = models.PositiveSmallIntegerField(_("goals reached so far"), null=True, blank=True)
    steps_done = models.PositiveIntegerField(_("steps done since the last review"), null=True, blank=True)
    worth = models.DecimalField(_("average rating of steps"), max_digits=2, decimal_places=1, null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    QUESTIONS: ClassVar = ("went_well", "obstacles", "next")

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering: ClassVar = ["-due_on"]
        indexes: ClassVar = [
            # For the reminders of reviews to start or finish.
            models.Index(fields=["due_on", "id"], condition=Q(finished_at__isnull=True), name="reviews_review_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="reviews_review_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(finished_at__isnull=True), name="reviews_review_one_open"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(started_at__isnull=False, finished_at__gte=F("started_at")),
                name="reviews_review_finished_after_start",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(
                    goals_open__isnull=False,
                    goals_on_track__isnull=False,
                    goals_reached__isnull=False,
                    goals_reached_so_far__isnull=False,
                    steps_done__isnull=False,
                ),
                name="reviews_review_finished_with_totals",
            ),
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=1, worth__lte=5), name="reviews_review_worth_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on}"

    def get_absolute_url(self) -> str:
        """Return the page of a finished review."""
        return page_url("reviews:detail", self.pk)

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers, by the names of QUESTIONS."""
        return {name: getattr(self, name) for name in self.QUESTIONS}

    @property
    def is_finished(self) -> bool:
        """Whether the person has finished it."""
        return self.finished_at is not None

    @property
    def is_closed(self) -> bool:
        """Whether it cannot be changed (readonly_rules.py)."""
        return self.is_finished


class ReviewGoalQuerySet(OwnedQuerySet["ReviewGoal"]):
    owner_path = "review__plan__user"


class ReviewGoal(models.Model):
    """A goal in a review: its progress on that day, the person's answer and decision.

    Progress is saved when the review starts and again when it is finished. Goals closed since the review before have
    no answer and come last.
    """

    class Answer(models.TextChoices):
        """Whether the goal is on track, as the user sees it."""

        ON_TRACK = "on_track", _("On track")
        A_LITTLE_BEHIND = "a_little_behind", _("A little behind")
        BEHIND = "behind", _("Behind")

    class Decision(models.TextChoices):
        """What to do with the goal. A review changes no goal itself; it links to the page that does."""

        KEEP = "keep", _("Change nothing")
        ADJUST = "adjust", _("Change the date or the target")
        SPLIT = "split", _("Split it")
        REACHED = "reached", _("It is reached")
        LET_GO = "let_go", _("Let it go")

    class YesNo(models.TextChoices):
        """An answer of one word."""

        YES = "yes", _("Yes")
        NO = "no", _("No")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="goals")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    # Progress on the day of the review.
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    state = models.CharField(_("state"), max_length=8, choices=Goal.State)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    pace = models.CharField(_("pace"), max_length=7, blank=True)
    share_done = models.PositiveSmallIntegerField(_("done, in per cent"), null=True, blank=True)
    time_gone = models.PositiveSmallIntegerField(_("time gone, in per cent"), null=True, blank=True)
    value = models.DecimalField(_("number"), max_digits=14, decimal_places=2, null=True, blank=True)
    words = models.CharField(_("progress in words"), max_length=200, blank=True)
    due_on = models.DateField(_("due date"))
    steps_done = models.PositiveSmallIntegerField(_("steps done since the last review"), default=0)
    steps_late = models.PositiveSmallIntegerField(_("steps that are late"), default=0)
    # The user's answers.
    answer = models.CharField(_("is it on track?"), max_length=15, choices=Answer, blank=True)
    decision = models.CharField(_("what do you decide?"), max_length=7, choices=Decision, blank=True)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    # About the if-then plan of the goal, or of one of its steps.
    obstacle_came = models.CharField(_("did the obstacle come?"), max_length=3, choices=YesNo, blank=True)
    plan_used = models.CharField(_("did you use your plan?"), max_length=3, choices=YesNo, blank=True)
    unrecorded_value = models.CharField(_("number entered and not yet recorded"), max_length=40, blank=True)
    progress_entry = models.ForeignKey(
        ProgressEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ReviewGoalQuerySet.as_manager()

    ANSWERS: ClassVar = ("answer", "decision", "note", "obstacle_came", "plan_used")

    class Meta:
        verbose_name = _("goal in a review")
        verbose_name_plural = _("goals in reviews")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "goal"], name="reviews_reviewgoal_once"),
            models.UniqueConstraint(fields=["review", "position"], name="reviews_reviewgoal_position_once"),
            models.CheckConstraint(
                condition=Q(obstacle_came__in=["", "yes", "no"], plan_used__in=["", "yes", "no"]),
                name="reviews_reviewgoal_obstacle_known",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "on_track", "a_little_behind", "behind"]),
                name="reviews_reviewgoal_answer_known",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "keep", "adjust", "split", "reached", "let_go"]),
                name="reviews_reviewgoal_decision_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="active",
                    closed_on__isnull=True,
                    share_done__range=(0, 100),
                    pace__in=[pace.value for pace in Pace],
                )
                | (~Q(state="active") & Q(closed_on__isnull=False, pace="")),
                name="reviews_reviewgoal_progress",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        """Whether the goal was open when its progress was saved."""
        return self.state == Goal.State.ACTIVE

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers, by the names of ANSWERS."""
        return {name: getattr(self, name) for name in self.ANSWERS}

    @property
    def page(self) -> str:
        """Return the URL of the page that carries out the decision; "" if nothing is to do."""
        return self.page_of(self.decision)

    def page_of(self, decision: str) -> str:
        """Return the URL of the page that carries out a decision about this goal."""
        if self.goal_id is None or decision in ("", self.Decision.KEEP):
            return ""
        if decision == self.Decision.SPLIT:
            return f"{reverse('goals:new')}?split={self.goal_id}"
        if decision == self.Decision.ADJUST:
            # A name, not a URL: careerplan/goals/views turns it into the way back.
            came_from = f"review:{self.review_id}" if self.review.is_finished else "review"
            return f"{page_url('goals:edit', self.goal_id)}?from={came_from}"
        return page_url(DECISION_PAGES.get(decision, "goals:detail"), self.goal_id)

    @property
    def effective_pace(self) -> Pace:
        """Return the user's answer, or the pace from progress. For an open goal."""
        return PACE_OF_ANSWER[self.answer] if self.answer else Pace(self.pace)

    @property
    def is_unanswered(self) -> bool:
        """Whether it is open and the person gave no answer."""
        return self.is_active and not self.answer

    @property
    def is_on_track(self) -> bool:
        """Whether it is open and neither behind nor a little behind."""
        return self.is_active and self.effective_pace in (Pace.ON_TRACK, Pace.REACHED)

    @property
    def is_answered(self) -> bool:
        """Whether it has an answer, a decision and no unrecorded number, or is closed."""
        return not self.is_active or bool(self.answer and self.decision and not self.unrecorded_value)


PACE_OF_ANSWER: dict[str, Pace] = {
    ReviewGoal.Answer.ON_TRACK: Pace.ON_TRACK,
    ReviewGoal.Answer.A_LITTLE_BEHIND: Pace.SLIPPING,
    ReviewGoal.Answer.BEHIND: Pace.BEHIND,
}

DECISION_PAGES: dict[str, str] = {
    ReviewGoal.Decision.REACHED: "goals:reached",
    ReviewGoal.Decision.LET_GO: "goals:let-go",
}
