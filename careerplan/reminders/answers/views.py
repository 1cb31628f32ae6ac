"""The pages behind the links of a mail. A GET shows what will happen and changes nothing; a POST does it.

The link is the permission, so nobody is signed in and nothing is shown but the one thing it is about, and the title of
a step that this very link planned. A POST carries the ordinary CSRF token. Referrer-Policy is `strict-origin`, not
`no-referrer`: with that browsers send `Origin: null` with a form, which Django's CSRF check refuses; as it is, an
address (which is a key) is in no Referer either way.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careerplan.goals.forms.evaluations import NewEvaluationForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.steps import has_open_step
from careerplan.goals.services.closing import ClosingNotes
from careerplan.goals.texts import workload_question as load_words
from careerplan.reminders.answers import offers, queries, services
from careerplan.reminders.answers.forms import LetGoForm, ReachedForm, StuckForm, WeekForm
from careerplan.reminders.answers.links import GOOD_FOR, About, BadLink, OldLink
from careerplan.reminders.answers.offers import DONE, LET_GO, SO, STUCK, WEEK, WORTH
from careerplan.reminders.answers.queries import Asked, Told, find_asked, hindrance

View = Callable[[HttpRequest, Asked], HttpResponse]
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "strict-origin",
}


def _answers(answer: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Proves the link, finds what it is about, and says why where it cannot be answered (any more)."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            response = _found(request, token, answer, view)
            for name, value in PRIVATE.items():
                response.headers[name] = value
            return response

        return wrapped

    return decorate


def _found(request: HttpRequest, token: str, answer: str, view: View) -> HttpResponse:
    try:
        asked = find_asked(token, timezone.now())
        if answer not in offers.ANSWERS[asked.about] and (asked.about, answer) != (About.STEP, WORTH):
            raise BadLink
        with timezone.override(asked.user.zone):  # days are those of whose plan it is
            if told := hindrance(asked, answer):
                return _tell(request, asked, told)
            try:
                return view(request, asked)
            except services.Meanwhile as meanwhile:
                return _tell(request, asked, meanwhile.told)
    except (BadLink, OldLink, queries.Gone) as why:
        return _dead(request, why)


def _dead(request: HttpRequest, why: Exception) -> HttpResponse:
    """Nothing can be answered: what to do instead. 404 for what never was a link, 410 for one that was."""
    context = {"why": type(why).__name__, "good_for_days": GOOD_FOR.days}
    return render(request, "reminders/answers/dead.html", context, status=404 if isinstance(why, BadLink) else 410)


def _tell(request: HttpRequest, asked: Asked, told: Told) -> HttpResponse:
    context = {"told": told, "worth_path": offers.answer_path(WORTH, asked.token) if told.asks_worth else ""}
    return _show(request, "told", asked, **context)


def _show(request: HttpRequest, page: str, asked: Asked, **context: Any) -> HttpResponse:
    return render(request, f"reminders/answers/{page}.html", {"asked": asked, "today": asked.today, **context})


def _ask(request: HttpRequest, answer: str, asked: Asked, **context: Any) -> HttpResponse:
    """A page with a button, and the other answers below it."""
    others = [
        {"label": offers.label(asked.about, other), "path": offers.answer_path(other, asked.token)}
        for other in offers.ANSWERS[asked.about]
        if other != answer
    ]
    return _show(request, answer.replace("-", "_"), asked, others=others, pause=queries.pause_now(asked), **context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@_answers(DONE)
def done(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A step: done, then whether it was worth it. A goal: reached, or partly."""
    if asked.step is None:
        return _reached(request, asked)
    if request.method != "POST":
        return _ask(request, DONE, asked)
    step = services.complete(asked)
    return _ask_worth(request, asked, NewEvaluationForm(None, step=step))


def _reached(request: HttpRequest, asked: Asked) -> HttpResponse:
    form = ReachedForm.for_goal(asked.goal, _posted(request))
    if not form.is_valid():
        return _ask(request, DONE, asked, form=form)
    data = form.cleaned_data
    words = ClosingNotes(
        closing_note=data["closing_note"], worth=data["worth"], final_value=data.get("final_value"), learned=""
    )
    goal = services.close(asked, Goal.State(data["outcome"]), words)
    return _show(request, "thanks", asked, heading=goal.get_state_display(), words=_("The goal is closed."))


@_answers(WORTH)
def worth(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Was the done step worth the time and effort?"""
    if asked.step is None:
        raise BadLink
    form = NewEvaluationForm(_posted(request), step=asked.step)
    if not form.is_valid():
        return _ask_worth(request, asked, form)
    services.judge(asked, form.changes())
    return _show(request, "thanks", asked, heading=_("Saved"), words=_("It counts in your worth-it ledger."))


def _ask_worth(request: HttpRequest, asked: Asked, form: NewEvaluationForm) -> HttpResponse:
    is_last = asked.goal.is_active and not has_open_step(asked.goal)
    path = offers.answer_path(WORTH, asked.token)
    return _show(request, "worth", asked, form=form, worth_path=path, is_last=is_last)


@_answers(WEEK)
def week(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A week later: from and to are shown before, with what moves along."""
    form = WeekForm(_posted(request))
    is_as_shown = True
    if form.is_valid():
        data = form.cleaned_data
        try:
            moved = services.move_by_a_week(
                asked, shown=data["to"], reason=data["reason"], move_steps=data["move_steps"]
            )
        except services.NotAsShown:
            is_as_shown = False
        else:
            return _show(request, "moved", asked, week=moved, moves_along=data["move_steps"] and moved.moves)
    found = queries.week_of(asked)
    load = load_words(found.overfull, asks=False) if found.overfull else ""
    return _ask(request, WEEK, asked, form=form, week=found, load=load, is_as_shown=is_as_shown)


@_answers(STUCK)
def stuck(request: HttpRequest, asked: Asked) -> HttpResponse:
    """What is in the way, and the next smallest step, which is put before what it holds up."""
    form = StuckForm(_posted(request), asked=asked)
    if not form.is_valid():
        return _ask(request, STUCK, asked, form=form, is_possible=queries.smallest_step_by(asked) is not None)
    data = form.cleaned_data
    blocker = data.get("blocker", "")
    step = services.get_unstuck(asked, blocker=blocker, next_step=form.step_changes())
    return _show(request, "unstuck", asked, step=step, blocker=blocker)


@_answers(LET_GO)
def let_go(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A step is dropped; a goal is closed as let go, with a word about it or without."""
    form = LetGoForm(_posted(request))
    if not form.is_valid():
        return _ask(request, LET_GO, asked, form=form)
    if asked.step:
        services.drop(asked)
        return _show(request, "thanks", asked, heading=_("Let go"), words=_("The step is dropped and stays readable."))
    services.close(asked, Goal.State.LET_GO, ClosingNotes(**form.cleaned_data))
    return _show(request, "thanks", asked, heading=_("Let go"), words=_("The goal is closed and stays readable."))


@_answers(SO)
def so(request: HttpRequest, asked: Asked) -> HttpResponse:
    """What the stop rule asks for is so: the goal goes on."""
    if request.method != "POST":
        return _ask(request, SO, asked)
    services.keep_going(asked)
    words = _("It is so. You are not asked again.")
    return _show(request, "thanks", asked, heading=_("The goal goes on"), words=words)
