"""Reviews: one periodic check-in on a plan, goal by goal; a draft until it is finished, then frozen (triggers.py)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models import Goal, Progress
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.pace import Pace
from careerplan.plans.models import Plan
from careerplan.reviews.rhythm import Cadence, Rhythm
from careerplan.reviews.triggers import give_a_rhythm, keep_finished_review, keep_reviewed_goals

ANSWER_LENGTH = 4000
NOTE_LENGTH = 1000


def mark_of(answers: Iterable[str]) -> str:
    """A short sign of some answers, the same for the same ones. It guards nothing: it only tells them apart."""
    return sha256("\0".join(answers).encode()).hexdigest()[:16]


class ReviewedPlan(Plan):
    """A plan as the reviews see it: the database gives each new one its rhythm."""

    class Meta:
        proxy = True
        triggers: ClassVar = [give_a_rhythm()]


class RhythmQuerySet(OwnedQuerySet["ReviewRhythm"]):
    """Rhythms of people's plans."""

    owner_path = "plan__user"


class ReviewRhythm(models.Model):
    """How often a plan is reviewed, counted from an anchor. Each plan has one; the database makes it with the plan.

    `next_on` is the first date of the rhythm for which no review was made yet; null for "only by myself".
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="review_rhythm")
    cadence = models.CharField(_("how often"), max_length=11, choices=Cadence)
    anchor_on = models.DateField(_("counted from"))
    next_on = models.DateField(_("next review"), null=True, blank=True)

    objects = RhythmQuerySet.as_manager()

    class Meta:
        verbose_name = _("rhythm of reviews")
        verbose_name_plural = _("rhythms of reviews")
        indexes: ClassVar = [
            models.Index(fields=["next_on", "id"], condition=Q(next_on__isnull=False), name="reviews_rhythm_next"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="reviews_rhythm_cadence_known"),
            models.CheckConstraint(
                condition=Q(cadence="none", next_on__isnull=True) | (~Q(cadence="none") & Q(next_on__isnull=False)),
                name="reviews_rhythm_next_on",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gte=F("anchor_on")),
                name="reviews_rhythm_next_from_anchor",
            ),
        ]

    def __str__(self) -> str:
        return self.get_cadence_display()

    @property
    def rhythm(self) -> Rhythm:
        """The rule that gives its dates."""
        return Rhythm(Cadence(self.cadence), self.anchor_on)


class ReviewQuerySet(OwnedQuerySet["Review"]):
    """Reviews of people's plans."""

    owner_path = "plan__user"

    def open(self) -> "ReviewQuerySet":
        """Those that are due or under way; a plan has at most one."""
        return self.filter(finished_at__isnull=True)

    def finished(self) -> "ReviewQuerySet":
        """Those that are frozen, newest first."""
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")

    def with_by_figures(self) -> "ReviewQuerySet":
        """With `by_figures`: how many of their goals are as `ReviewGoal.is_by_figures` says."""
        left_open = Q(goals__state=Goal.State.ACTIVE, goals__verdict="")
        return self.annotate(by_figures=Count("goals", filter=left_open))


class Review(models.Model):
    """One check-in. Made when it is due or when the person starts it; `due_on` is the date of the rhythm it is for
    (the day it was started, for one in between).
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField(_("due"))
    made_at = models.DateTimeField(_("made at"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    saved_at = models.DateTimeField(_("last saved"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    went_well = models.TextField(_("what went well?"), max_length=ANSWER_LENGTH, blank=True)
    got_in_the_way = models.TextField(_("what got in the way?"), max_length=ANSWER_LENGTH, blank=True)
    next = models.TextField(_("what is next?"), max_length=ANSWER_LENGTH, blank=True)
    # Figures of the whole plan, written when it is finished; "since" is since the review before.
    goals_open = models.PositiveSmallIntegerField(_("open goals"), null=True, blank=True)
    goals_on_track = models.PositiveSmallIntegerField(_("open goals on track"), null=True, blank=True)
    goals_reached = models.PositiveSmallIntegerField(_("goals reached since"), null=True, blank=True)
    goals_reached_so_far = models.PositiveSmallIntegerField(_("goals reached so far"), null=True, blank=True)
    steps_done = models.PositiveIntegerField(_("steps done since"), null=True, blank=True)
    worth = models.DecimalField(_("worth it, average"), max_digits=2, decimal_places=1, null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    QUESTIONS: ClassVar = ("went_well", "got_in_the_way", "next")

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering: ClassVar = ["-due_on"]
        indexes: ClassVar = [
            # For the reminders: what waits to be started or finished.
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
                name="reviews_review_finished_with_figures",
            ),
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=1, worth__lte=5), name="reviews_review_worth_1_to_5"
            ),
        ]
        triggers: ClassVar = [keep_finished_review()]

    def __str__(self) -> str:
        return f"{self.due_on}"

    def get_absolute_url(self) -> str:
        """Its summary, once it is finished."""
        return reverse("reviews:detail", args=[self.pk])

    @property
    def mark(self) -> str:
        """A short sign of the answers as they stand: a page that was made from others carries another one."""
        return mark_of(getattr(self, name) for name in self.QUESTIONS)

    @property
    def is_finished(self) -> bool:
        """Whether it is frozen."""
        return self.finished_at is not None


class ReviewGoalQuerySet(OwnedQuerySet["ReviewGoal"]):
    """Goals in people's reviews."""

    owner_path = "review__plan__user"


class ReviewGoal(models.Model):
    """One goal in one review: the facts of that day, what the person says of it and what they decide.

    The facts are written when the review starts and once more when it is finished. A goal that was closed since the
    review before has no answers, and stands behind those that are open.
    """

    class Verdict(models.TextChoices):
        """Is it on track, as the person sees it?"""

        ON_TRACK = "on_track", _("On track")
        SLIPPING = "slipping", _("A little behind")
        BEHIND = "behind", _("Behind")

    class Decision(models.TextChoices):
        """What the person decides. The review changes nothing by itself: it leads to the page that does."""

        KEEP = "keep", _("Keep it as it is")
        ADJUST = "adjust", _("Adjust the date or the target")
        SPLIT = "split", _("Split it")
        REACHED = "reached", _("It is reached")
        LET_GO = "let_go", _("Let it go")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="goals")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    # The facts.
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    state = models.CharField(_("state"), max_length=8, choices=Goal.State)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    pace = models.CharField(_("pace"), max_length=7, blank=True)
    share_done = models.PositiveSmallIntegerField(_("done, in per cent"), null=True, blank=True)
    time_gone = models.PositiveSmallIntegerField(_("time gone, in per cent"), null=True, blank=True)
    value = models.DecimalField(_("figure"), max_digits=14, decimal_places=2, null=True, blank=True)
    words = models.CharField(_("how far, in words"), max_length=200, blank=True)
    due_on = models.DateField(_("due date"))
    steps_done = models.PositiveSmallIntegerField(_("steps done since the last review"), default=0)
    steps_late = models.PositiveSmallIntegerField(_("steps that are late"), default=0)
    # What the person says.
    verdict = models.CharField(_("is it on track?"), max_length=8, choices=Verdict, blank=True)
    decision = models.CharField(_("what do you decide?"), max_length=7, choices=Decision, blank=True)
    note = models.TextField(_("a note to yourself"), max_length=NOTE_LENGTH, blank=True)
    typed = models.CharField(_("a figure that is typed and not recorded yet"), max_length=40, blank=True)
    reading = models.ForeignKey(Progress, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ReviewGoalQuerySet.as_manager()

    ANSWERS: ClassVar = ("verdict", "decision", "note")

    class Meta:
        verbose_name = _("goal in a review")
        verbose_name_plural = _("goals in reviews")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "goal"], name="reviews_reviewgoal_once"),
            models.UniqueConstraint(fields=["review", "position"], name="reviews_reviewgoal_position_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "on_track", "slipping", "behind"]), name="reviews_reviewgoal_verdict_known"
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
                name="reviews_reviewgoal_facts",
            ),
        ]
        triggers: ClassVar = keep_reviewed_goals()

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        """Whether it was worked on when the facts were written."""
        return self.state == Goal.State.ACTIVE

    @property
    def mark(self) -> str:
        """A short sign of the answers as they stand: a page that was made from others carries another one."""
        return mark_of(getattr(self, name) for name in self.ANSWERS)

    @property
    def page(self) -> str:
        """The page that carries out what was decided; "" where nothing is to be carried out."""
        return self.page_of(self.decision)

    def page_of(self, decision: str) -> str:
        """The page that carries out such a decision about this goal."""
        if self.goal_id is None or decision in ("", self.Decision.KEEP):
            return ""
        if decision == self.Decision.SPLIT:
            return f"{reverse('goals:new')}?split={self.goal_id}"
        if decision == self.Decision.ADJUST:
            # A name, not an address: careerplan/goals/views/common.py turns it into the way back.
            came_from = f"review:{self.review_id}" if self.review.is_finished else "review"
            return f"{reverse('goals:edit', args=[self.goal_id])}?from={came_from}"
        return reverse(DECISION_PAGES.get(decision, "goals:detail"), args=[self.goal_id])

    @property
    def standing(self) -> Pace:
        """How it stands: as the person says it, else as the figures say it. For an active goal."""
        return STANDING[self.verdict] if self.verdict else Pace(self.pace)

    @property
    def is_by_figures(self) -> bool:
        """Whether it is open and the person left it to the figures to say how it stands."""
        return self.is_active and not self.verdict

    @property
    def is_on_track(self) -> bool:
        """Whether it is open and neither behind nor a little behind."""
        return self.is_active and self.standing in (Pace.ON_TRACK, Pace.REACHED)

    @property
    def is_answered(self) -> bool:
        """Whether nothing is left to say: a verdict and a decision, and no figure that waits; or the goal is closed."""
        return not self.is_active or bool(self.verdict and self.decision and not self.typed)


STANDING: dict[str, Pace] = {
    ReviewGoal.Verdict.ON_TRACK: Pace.ON_TRACK,
    ReviewGoal.Verdict.SLIPPING: Pace.SLIPPING,
    ReviewGoal.Verdict.BEHIND: Pace.BEHIND,
}

DECISION_PAGES: dict[str, str] = {
    ReviewGoal.Decision.REACHED: "goals:reached",
    ReviewGoal.Decision.LET_GO: "goals:let-go",
}
