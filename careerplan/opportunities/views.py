"""Pages of opportunities: find the person's own one, call one query or one service, answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.models import Skill
from careerplan.core.addresses import id_in
from careerplan.core.forms import posted
from careerplan.goals.queries import active_goals_by_skill, skill_choices
from careerplan.goals.services import GoalIsClosed
from careerplan.goals.views.common import saved, say_saved
from careerplan.opportunities import queries, services, words
from careerplan.opportunities.adverts import Named, proposals
from careerplan.opportunities.forms import (
    AdvertForm,
    CriteriaForm,
    DecideForm,
    EditForm,
    JudgeForm,
    NoteForm,
    ProposalsForm,
    PursueForm,
    SkillsForm,
    WeighForm,
)
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived

FORM_METHODS = ["GET", "HEAD", "POST"]
SECTION = "opportunities"
FEWEST, MOST = 2, 4  # to be put side by side
View = Callable[..., HttpResponse]


def says_when_archived(view: View) -> View:
    """Answers with a sentence, not an error page, where the plan was archived meanwhile; "not found" where the
    opportunity was deleted between being found and being held.
    """

    @wraps(view)
    def wrapped(request: AuthenticatedRequest, *args: Any, **words: Any) -> HttpResponse:
        try:
            return view(request, *args, **words)
        except PlanIsArchived:
            messages.error(request, _("This plan was archived meanwhile; it does not change any more."))
        except Opportunity.DoesNotExist:
            raise Http404 from None
        return redirect("opportunities:list")

    return wrapped


def own(request: AuthenticatedRequest, pk: int, *, archived_too: bool = False) -> Opportunity:
    """The person's own opportunity of that number with its plan, else "not found". To be read, archived ones too."""
    found = Opportunity.objects.for_user(request.user).select_related("plan")
    return get_object_or_404(found if archived_too else found.of_active_plans(), pk=pk)


@require_safe
def opportunity_list(request: AuthenticatedRequest) -> HttpResponse:
    """All of them, with the short form above."""
    today = timezone.localdate()
    found = queries.opportunity_list(request.user, today)
    context = {
        "section": SECTION,
        "today": today,
        "list": found,
        "lead": words.list_lead(found, today),
        "form": NoteForm(today=today),
        "ticked": [row.opportunity.pk for row in found.considering[:MOST]],
    }
    return render(request, "opportunities/list.html", context)


@require_http_methods(FORM_METHODS)
def note(request: AuthenticatedRequest) -> HttpResponse:
    """Write one down: a title is enough."""
    now = timezone.now()
    form = NoteForm(posted(request), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["form_key"]
        services.note_opportunity(user=request.user, form_key=key, data=form.answers(), now=now)
        messages.success(request, _("Noted. Weigh it when you have the time."))
        return redirect("opportunities:list")
    return render(request, "opportunities/new.html", {"section": SECTION, "form": form})


@require_safe
def detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One opportunity weighed; of an archived plan to be read only."""
    opportunity = own(request, pk, archived_too=True)
    today, [found] = timezone.localdate(), queries.weighed(request.user, opportunity.plan, [opportunity])
    goals = active_goals_by_skill(request.user)
    context = {
        "section": SECTION,
        "today": today,
        "opportunity": opportunity,
        "weighed": found,
        "is_read_only": not opportunity.plan.is_active,
        "asks_judgement": opportunity.plan.is_active and queries.asks_judgement(opportunity, today),
        "gaps": [(gap, goals.get(gap.skill_id)) for gap in found.match.gaps],
    }
    return render(request, "opportunities/detail.html", context)


@require_safe
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Two to four side by side: those that are ticked."""
    ids = list(dict.fromkeys(pk for text in request.GET.getlist("o")[: 2 * MOST] if (pk := id_in(text)) is not None))
    chosen = Opportunity.objects.for_user(request.user).of_active_plans().filter(pk__in=ids[: MOST + 1])
    found = list(chosen.select_related("plan"))
    if not FEWEST <= len(found) <= MOST:
        messages.error(request, _("Tick two, three or four opportunities to put them side by side."))
        return redirect("opportunities:list")
    rows = queries.weighed(request.user, found[0].plan, found)
    context = {
        "section": SECTION,
        "today": timezone.localdate(),
        "heading": words.side_by_side(len(rows)),
        "lead": words.compare_lead(rows),
        "rows": rows,
        "closest": words.closest(rows),
        "priorities": list(zip(*[row.priorities for row in rows], strict=True)),
        "criteria": list(zip(*[row.criteria for row in rows], strict=True)),
    }
    return render(request, "opportunities/compare.html", context)


@require_http_methods(FORM_METHODS)
@says_when_archived
def edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change what it is."""
    now = timezone.now()

    def make() -> EditForm:
        return EditForm.of(own(request, pk), posted(request), today=timezone.localdate(now))

    def save(form: EditForm) -> None:
        services.update_opportunity(opportunity=form.opportunity, data=form.answers(), now=now)

    return _answer(request, "opportunities/edit.html", make, save, pk)


@require_http_methods(FORM_METHODS)
@says_when_archived
def weigh(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say what it does to goals, vision and priorities, and what is for and against it."""
    now = timezone.now()

    def make() -> WeighForm:
        opportunity = own(request, pk)
        return WeighForm(posted(request), opportunity=opportunity, asked=queries.asked_of(opportunity))

    def save(form: WeighForm) -> None:
        services.weigh_opportunity(opportunity=form.opportunity, weighing=form.answers(), now=now)

    return _answer(request, "opportunities/weigh.html", make, save, pk)


@require_http_methods(FORM_METHODS)
@says_when_archived
def skills(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say which skills it asks for, and at which level."""
    now = timezone.now()

    def make() -> SkillsForm:
        opportunity = own(request, pk)
        match = queries.matches_of(request.user, [pk])[pk]
        groups = skill_choices(request.user, list(match.levels))
        names = {skill: name for _group, rows in groups for skill, name in rows}
        return SkillsForm(posted(request), opportunity=opportunity, match=match, names=names, groups=groups)

    def save(form: SkillsForm) -> None:
        services.set_needed_skills(opportunity=form.opportunity, levels=form.levels(), now=now)

    return _answer(request, "opportunities/skills.html", make, save, pk, again="another" in request.POST)


def _answer(
    request: AuthenticatedRequest,
    template: str,
    make: Callable[[], Any],
    save: Callable[[Any], object],
    pk: int,
    *,
    again: bool = False,
) -> HttpResponse:
    form, is_saved = saved(request, make, save)
    if is_saved:
        say_saved(request, form, _("Saved."))
        return redirect(request.path) if again else redirect("opportunities:detail", pk)
    context = {"section": SECTION, "form": form, "opportunity": form.opportunity}
    return render(request, template, context)


@require_http_methods(FORM_METHODS)
@says_when_archived
def advert(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Paste the text of an advert; what it asks for is proposed, and kept only where it is confirmed ("keep")."""
    opportunity = own(request, pk)
    form, found = AdvertForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        visible = Skill.objects.visible_to(request.user).in_use().in_order()
        named = [Named(skill.pk, skill.name, "" if skill.is_own else skill.key) for skill in visible]
        levels = queries.matches_of(request.user, [pk])[pk].levels
        keeps = "keep" in request.POST
        proposed = proposals(form.cleaned_data["text"], named)
        found = ProposalsForm(request.POST if keeps else None, proposals=proposed, levels=levels)
        if keeps and found.is_valid() and (confirmed := found.confirmed()):
            services.add_needed_skills(opportunity=opportunity, levels=confirmed, now=timezone.now())
            messages.success(request, _("Saved. The text itself is not kept."))
            return redirect(opportunity)
        if keeps and not found.errors:
            messages.info(request, _("Nothing is ticked, so nothing is kept. Tick what it really asks for."))
    context = {"section": SECTION, "opportunity": opportunity, "form": form, "found": found}
    return render(request, "opportunities/advert.html", context)


def decided_otherwise() -> str:
    """What a decision is answered with that comes too late."""
    return _("This was decided otherwise meanwhile. Consider it again first, on its page.")


@require_http_methods(FORM_METHODS)
@says_when_archived
def pursue(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decide for it, with why and the next step."""
    now, opportunity = timezone.now(), own(request, pk)
    served = list(opportunity.effects.filter(effect="serves").values_list("goal_id", flat=True))
    goals = opportunity.plan.goals.active()
    first = {"reason": opportunity.reason, "step_goal": next((pk for pk in served), None)}
    form = PursueForm(posted(request), goals=goals, today=timezone.localdate(now), initial=first)
    if request.method == "POST" and form.is_valid():
        reason, step = form.cleaned_data["reason"], form.next_step()
        try:
            services.pursue_opportunity(opportunity=opportunity, reason=reason, next_step=step, now=now)
        except services.IsDecided:
            form.add_error(None, decided_otherwise())
        except GoalIsClosed:
            form.add_error("step_goal", _("This goal was closed meanwhile. Choose another one."))
        else:
            messages.success(request, _("You pursue it. In 90 days you are asked whether that was right."))
            return redirect(opportunity)
    return render(request, "opportunities/pursue.html", {"section": SECTION, "form": form, "opportunity": opportunity})


@require_http_methods(FORM_METHODS)
@says_when_archived
def decline(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decide against it, with why."""
    opportunity = own(request, pk)
    form = DecideForm(posted(request), initial={"reason": opportunity.reason})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.decline_opportunity(opportunity=opportunity, reason=reason, now=timezone.now())
        except services.IsDecided:
            form.add_error(None, decided_otherwise())
        else:
            messages.success(request, _("Declined. It stays in the list with your reasons."))
            return redirect(opportunity)
    return render(request, "opportunities/decline.html", {"section": SECTION, "form": form, "opportunity": opportunity})


@require_POST
@says_when_archived
def won(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """It came off."""
    return _end(request, own(request, pk), services.win_opportunity, _("Won. It stays in the list."))


@require_POST
@says_when_archived
def lost(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """It did not come off."""
    return _end(request, own(request, pk), services.lose_opportunity, _("Saved. It stays in the list."))


def _end(
    request: AuthenticatedRequest, opportunity: Opportunity, end: Callable[..., Opportunity], done: str
) -> HttpResponse:
    try:
        end(opportunity=opportunity, now=timezone.now())
    except services.NotPursued:
        messages.error(request, _("Decide to pursue it first; then it can be won or lost."))
    else:
        messages.success(request, done)
    return redirect(opportunity)


@require_POST
@says_when_archived
def reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Consider it again."""
    opportunity = services.reopen_opportunity(opportunity=own(request, pk))
    messages.success(request, _("It is open again. What you said at the decision is kept."))
    return redirect(opportunity)


@require_http_methods(FORM_METHODS)
@says_when_archived
def judge(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ninety days later: was the decision right?"""
    now, opportunity = timezone.now(), own(request, pk)
    today = timezone.localdate(now)
    first = {"judgement": opportunity.judgement, "note": opportunity.judgement_note}
    form = JudgeForm(posted(request), initial=first)
    try:
        if request.method == "POST" and form.is_valid():
            services.judge_decision(opportunity=opportunity, today=today, now=now, **form.cleaned_data)
            messages.success(request, _("Saved. It stands with the decision."))
            return redirect(opportunity)
        if opportunity.judged_at is None and not queries.asks_judgement(opportunity, today):
            raise services.NothingToJudge
    except services.NothingToJudge:
        messages.info(request, _not_yet(opportunity))
        return redirect(opportunity)
    return render(request, "opportunities/judge.html", {"section": SECTION, "form": form, "opportunity": opportunity})


def _not_yet(opportunity: Opportunity) -> str:
    if opportunity.judged_from is None:
        return _("Nothing is decided here, so there is nothing to look back on.")
    day = date_format(opportunity.judged_from, "j M Y")
    return _("It is too early to say whether it was right. You are asked on %(day)s.") % {"day": day}


@require_http_methods(FORM_METHODS)
@says_when_archived
def delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete it for good; GET asks."""
    opportunity = own(request, pk)
    if request.method == "POST":
        services.delete_opportunity(opportunity=opportunity)
        messages.success(request, _("Deleted: %(title)s.") % {"title": opportunity.title})
        return redirect("opportunities:list")
    return render(request, "opportunities/delete.html", {"section": SECTION, "opportunity": opportunity})


@require_http_methods(FORM_METHODS)
@says_when_archived
def criteria(request: AuthenticatedRequest) -> HttpResponse:
    """What the person weighs every opportunity by."""
    plan = Plan.objects.for_user(request.user).active().first()
    if plan is None:
        messages.info(request, _("Note an opportunity first; then there is something to weigh."))
        return redirect("opportunities:list")

    def make() -> CriteriaForm:
        return CriteriaForm(posted(request), criteria=queries.criteria_of(plan))

    def save(form: CriteriaForm) -> None:
        services.set_criteria(plan=plan, criteria=form.answers(), seen=form.criteria)

    form, is_saved = saved(request, make, save)
    if is_saved:
        say_saved(request, form, _("Saved. They are asked about every opportunity."))
        return redirect("opportunities:list")
    return render(request, "opportunities/criteria.html", {"section": SECTION, "form": form})
