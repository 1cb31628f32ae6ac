"""The owner's pages: ask for a second opinion, open it, decide on each difference, and see the results with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.mentoring.models import Mentorship
from careerplan.second_opinion.models import MOST_SKILLS, SecondOpinion
from careerplan.second_opinion.owner.forms import AskOpinionForm, DecideForm
from careerplan.second_opinion.owner.queries import (
    OpinionResults,
    load_opinion_results,
    load_own_results,
    load_proposals,
)
from careerplan.second_opinion.owner.words import difference_lead, difference_title, results_lead, results_title
from careerplan.second_opinion.services.asking import (
    AlreadySent,
    AskedTooOften,
    NotWithThem,
    OpinionWaits,
    ask_opinion,
    withdraw_opinion,
)
from careerplan.second_opinion.services.deciding import decide_differences, open_opinion

GET_POST = ["GET", "HEAD", "POST"]
SECTION = {"section": "people"}
TO_OPINION = gettext_lazy("Go to the second opinion")


def _own(request: AuthenticatedRequest, pk: int) -> SecondOpinion:
    own = SecondOpinion.objects.for_user(request.user).select_related("mentorship__owner")
    return get_object_or_404(own, pk=pk)


@require_http_methods(GET_POST)
def ask(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Choose up to eight skills, and ask."""
    mentorship, now = get_object_or_404(Mentorship.objects.for_user(request.user), pk=pk), timezone.now()
    if mentorship.state != Mentorship.State.ACTIVE:
        raise Http404
    waiting = mentorship.second_opinions.unsent().first()
    if waiting is not None:
        return redirect("opinion:differ", pk=waiting.pk)
    own = load_own_results(request.user, now)
    context: dict[str, Any] = {"person": mentorship, "own": own, "most": MOST_SKILLS, **SECTION}
    if own is None or not own.rated.levels:
        return render(request, "second_opinion/ask_first.html", context)
    proposals = load_proposals(request.user, own)
    form = AskOpinionForm(form_data(request), proposals=proposals)
    if request.method == "POST" and form.is_valid():
        return _ask(request, mentorship, form.cleaned_data["skills"])
    return render(request, "second_opinion/ask.html", {**context, "form": form, "proposals": proposals})


def _ask(request: AuthenticatedRequest, mentorship: Mentorship, skills: list[int]) -> HttpResponse:
    try:
        ask_opinion(mentorship=mentorship, skill_ids=skills, now=timezone.now())
    except NotWithThem:
        messages.error(request, _("Sharing has ended, so nothing was asked."))
        return redirect("people:list")
    except AskedTooOften:
        said = _("You have asked %(name)s often today. Ask again tomorrow.") % {"name": mentorship.first_name}
        messages.error(request, said)
        return redirect("people:person", pk=mentorship.pk)
    except OpinionWaits:  # a second click
        return redirect("people:person", pk=mentorship.pk)
    said = ngettext(
        "%(name)s gets an email about %(n)s skill.", "%(name)s gets an email about %(n)s skills.", len(skills)
    )
    messages.success(request, said % {"name": mentorship.first_name, "n": len(skills)})
    return redirect("people:person", pk=mentorship.pk)


@require_http_methods(GET_POST)
def differ(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show where both differ and save what the owner makes of it; before it is opened, how far it is."""
    opinion, now = _own(request, pk), timezone.now()
    person = opinion.mentorship
    context: dict[str, Any] = {"opinion": opinion, "person": person, **SECTION}
    if not opinion.is_opened:
        return render(request, "second_opinion/closed.html", {**context, "count": opinion.skills.count()})
    found = load_opinion_results(opinion, now)
    form = DecideForm(form_data(request), differences=found.differences, name=person.first_name)
    if request.method == "POST" and form.is_valid():
        settled = decide_differences(opinion=opinion, choices=form.choices, shown=form.shown, now=now)
        text = ngettext("%(n)s level decided.", "%(n)s levels decided.", settled) % {"n": settled}
        messages.success(request, text if settled else _("Saved. You can decide later."))
        return redirect("opinion:results", pk=pk)
    words = {"title": difference_title(found), "lead": difference_lead(found)}
    return render(request, "second_opinion/differ.html", {**context, **words, "found": found, "form": form})


@post_only(gettext_lazy("See where you differ"), "opinion:differ", TO_OPINION)
def open_answers(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Open what the mentor sent. From now on neither side changes."""
    open_opinion(opinion=_own(request, pk), now=timezone.now())
    return redirect("opinion:differ", pk=pk)


@post_only(gettext_lazy("Cancel the question"), "opinion:differ", TO_OPINION)
def withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a question back that was not answered."""
    opinion = _own(request, pk)
    try:
        withdraw_opinion(opinion=opinion)
    except AlreadySent:
        messages.error(request, _("The answers are already here."))
        return redirect("opinion:differ", pk=pk)
    messages.success(request, _("Question cancelled."))
    return redirect("people:person", pk=opinion.mentorship_id)


@post_only(gettext_lazy("Show all differences"), "opinion:differ", TO_OPINION)
def show_all(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the mentor both levels of each difference."""
    opinion, now = _own(request, pk), timezone.now()
    if not opinion.is_opened or not Mentorship.objects.live(now).filter(pk=opinion.mentorship_id).exists():
        messages.error(request, _("There is nothing to show them."))
        return redirect("opinion:differ", pk=pk)
    found = load_opinion_results(opinion, now)
    shown = {one.pk for one in found.differences}
    decide_differences(opinion=opinion, choices={}, shown=shown, now=now)
    messages.success(request, _("%(name)s sees both levels now.") % {"name": opinion.mentorship.first_name})
    return redirect("opinion:differ", pk=pk)


@require_safe
def results(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the results with the chosen levels, or with the owner's ratings alone."""
    opinion = _own(request, pk)
    if not opinion.is_opened:
        return redirect("opinion:differ", pk=pk)
    found: OpinionResults = load_opinion_results(opinion, timezone.now())
    is_alone = request.GET.get("with") == "own"
    context = {
        "opinion": opinion,
        "person": opinion.mentorship,
        "found": found,
        "is_alone": is_alone,
        "title": results_title(found, is_alone=is_alone),
        "lead": results_lead(found, is_alone=is_alone),
        **SECTION,
    }
    return render(request, "second_opinion/results.html", context)
