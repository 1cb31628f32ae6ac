"""Views of the list of all steps, and of the rows of steps on every page: tick, date, several at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.core.sentences import join_sentences
from careerplan.goals.forms.step_list import NewDayForm, SeveralStepsForm, StepFilterForm, near_days
from careerplan.goals.models import ActionStep
from careerplan.goals.queries.step_list import load_step_list, load_step_row
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.several_steps import StepsChanged, change_steps
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    get_step_or_404,
    handle_closed_goal,
    redirect_back,
    review_return_url,
)
from careerplan.goals.views.undo import UNDO, report_with_undo

PART = "part"  # in the address: only the tabs with their counts, for static/js/rows.js
DONE = "done"  # in the address: the step that was just ticked off, shown with the question whether it was worth it


@require_http_methods(FORM_METHODS)
def step_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show all steps with search, filters and order; POST changes the chosen ones, or shows them again with what is
    wrong.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    query = request.GET.copy()
    form = StepFilterForm(query)
    wanted = form.wanted()
    if request.method == "POST" and _change_several(request):
        return redirect(f"{request.path}?{_kept(query)}")
    typed = QueryDict() if PART in request.GET else form_data(request) or QueryDict()
    context = {
        "section": "goals",
        "form": form,
        "wanted": wanted,
        "list": load_step_list(request.user, wanted, today=today, now=now, page=request.GET.get("page")),
        "query": _kept(query, "page", "several", "show"),
        "origin": _kept(query, "several"),
        "several": "several" in query or request.method == "POST" or bool(typed),
        "chosen": {parse_id(text) for text in typed.getlist("step")},
        "typed_day": typed.get("day", ""),
        "review_url": review_return_url(request),
        **row_context(request),
    }
    return render(request, "goals/_steps_tabs.html" if PART in request.GET else "goals/steps.html", context)


def row_context(request: AuthenticatedRequest) -> dict[str, Any]:
    """Return what rows of steps need: today, the near dates, and the step that was just ticked off. No query, one
    after a tick.
    """
    today = timezone.localdate()
    done = parse_id(request.GET.get(DONE, ""))
    row = load_step_row(request.user, done) if done else None
    return {
        "today": today,
        "near_days": near_days(today),
        "done_row": row if row and row.state == ActionStep.State.DONE else None,
    }


def _kept(query: QueryDict, *without: str) -> str:
    """Return the filters of an address as a query string."""
    left_out = {*without, DONE, PART}
    return urlencode([(name, str(value)) for name, value in query.items() if value and name not in left_out])


def _change_several(request: AuthenticatedRequest) -> bool:
    """Change the chosen steps, and say what has changed with a button that undoes it. False if an answer is wrong."""
    form = SeveralStepsForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, _all_errors(form))
        return False
    do, now = form.cleaned_data["do"], timezone.now()
    changes: dict[str, Any] = {"due_on": form.cleaned_data["day"]} if do == "move" else {"state": STATES[do]}
    try:
        changed = change_steps(user=request.user, ids=form.cleaned_data["step"], changes=changes, now=now)
    except GoalIsClosed:
        messages.error(request, _("Not saved: one of the goals was closed in another tab."))
        return True
    _report(request, changed, do)
    return True


def _all_errors(form: NewDayForm) -> str:
    return join_sentences(*(str(error) for errors in form.errors.values() for error in errors))


STATES = {"done": ActionStep.State.DONE, "drop": ActionStep.State.DROPPED}


def _report(request: HttpRequest, changed: StepsChanged, do: str) -> None:
    count = len(changed.steps)
    words = {
        "done": ngettext("%(n)s step done.", "%(n)s steps done.", count),
        "drop": ngettext("%(n)s step dropped.", "%(n)s steps dropped.", count),
        "move": ngettext("%(n)s step moved.", "%(n)s steps moved.", count),
    }
    if count:
        report_with_undo(request, words[do] % {"n": count}, changed.record)
    if stay := len(changed.after_goal):
        text = ngettext(
            "%(n)s step stays, because its goal is due earlier. Move the goal first.",
            "%(n)s steps stay, because their goals are due earlier. Move the goals first.",
            stay,
        )
        messages.error(request, text % {"n": stay})
    if stay := len(changed.after_until):
        text = ngettext(
            "%(n)s step stays, because it repeats until an earlier day. Edit the step first.",
            "%(n)s steps stay, because they repeat until an earlier day. Edit the steps first.",
            stay,
        )
        messages.error(request, text % {"n": stay})


@require_safe
def step_row(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the row of one step after a change, with what the change said, for static/js/rows.js.

    Of the messages only the last with a button to undo it waits for the next page.
    """
    row = load_step_row(request.user, pk)
    if row is None:
        raise Http404
    said = next(iter(list(messages.get_messages(request))[-1:]), None)
    if said and said.extra_tags:
        messages.add_message(request, said.level, said.message, extra_tags=said.extra_tags)
    context = {"row": row, "said": said, "place": request.GET.get("from", "")}
    context["undo_key"] = said.extra_tags.removeprefix(f"{UNDO} ") if said and said.extra_tags else ""
    return render(request, "goals/_row.html", {**context, **row_context(request)})


@post_only(gettext_lazy("Move date"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_due(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Move an open step to another date, from its row."""
    step = get_step_or_404(request, pk)
    form = NewDayForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, _all_errors(form))
        return redirect_back(request, step.goal)
    day = form.cleaned_data["day"]
    changed = change_steps(user=request.user, ids=[step.pk], changes={"due_on": day}, now=timezone.now())
    words = {"title": step.title, "goal": date_format(step.goal.due_on, "j M Y")}
    words["day"] = date_format(day, "D j M") if day else ""
    if changed.steps and day is None:
        report_with_undo(request, _("No day yet: %(title)s.") % words, changed.record)
    elif changed.steps:
        said = _("Moved to %(day)s: %(title)s.") if step.due_on else _("Set for %(day)s: %(title)s.")
        report_with_undo(request, said % words, changed.record)
    elif changed.after_goal:
        messages.error(request, _("%(day)s is after the goal's due date, %(goal)s. Move the goal first.") % words)
    elif changed.after_until:
        words["until"] = date_format(step.repeats_until, "j M Y") if step.repeats_until else ""
        messages.error(request, _("%(day)s is after its last possible day, %(until)s. Edit the step first.") % words)
    return redirect_back(request, step.goal)
