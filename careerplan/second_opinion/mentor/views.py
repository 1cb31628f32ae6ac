"""Pages on which a mentor rates skills: one skill a page, then what was sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from careerplan.core.forms import form_data
from careerplan.mentoring.mentor.access import mentor_page
from careerplan.mentoring.mentor.closed_pages import closed_page
from careerplan.mentoring.mentor.pages import render_mentor
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.locks import MentorshipIsOver
from careerplan.mentoring.services.outbox import send_soon
from careerplan.second_opinion.mentor.forms import AskedSkillForm
from careerplan.second_opinion.mentor.queries import AskedOpinion, AskedSkill, find_asked
from careerplan.second_opinion.services.answering import OpinionIsOpened, save_rating, send_opinion

BACK, CLOSE = "back", "close"


@mentor_page(place="opinion")
@require_safe
def start(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Go to the first skill without an answer; to what was sent, where all is sent."""
    asked = find_asked(mentorship)
    if asked is None:
        return redirect("mentor:plan", key=mentorship.key)
    if asked.sent_at is not None:
        return redirect("mentor-opinion:sent", key=mentorship.key)
    first = asked.first_open or asked.skills[-1]
    return redirect("mentor-opinion:skill", key=mentorship.key, number=first.number)


@mentor_page(place="opinion")
@require_http_methods(["GET", "HEAD", "POST"])
def skill(request: HttpRequest, mentorship: Mentorship, number: int) -> HttpResponse:
    """Ask about one skill and save the answer. The last "Next" sends all."""
    asked = find_asked(mentorship)
    if asked is None:
        return _too_late(request, mentorship)
    one = asked.skill(number)
    if one is None:
        raise Http404
    action = request.POST.get("action", "")
    form = AskedSkillForm(form_data(request), skill=one, is_complete=action not in (BACK, CLOSE))
    if request.method == "POST" and form.is_valid():
        try:
            return _save(mentorship, asked, one, form, action)
        except OpinionIsOpened:
            return _too_late(request, mentorship)
        except MentorshipIsOver:
            return closed_page(request, mentorship, now=timezone.now())
    context = {"asked": asked, "skill": one, "form": form, "minutes_left": asked.minutes_left(number)}
    return render_mentor(request, mentorship, "second_opinion/rate.html", context)


def _save(
    mentorship: Mentorship, asked: AskedOpinion, one: AskedSkill, form: AskedSkillForm, action: str
) -> HttpResponse:
    now = timezone.now()
    if form.chosen:
        save_rating(mentorship=mentorship, asked_id=one.id, now=now, **form.answer)
    if action == CLOSE:
        return redirect("mentor:plan", key=mentorship.key)
    if action == BACK:
        return redirect("mentor-opinion:skill", key=mentorship.key, number=max(1, one.number - 1))
    if one.number < asked.count:
        return redirect("mentor-opinion:skill", key=mentorship.key, number=one.number + 1)
    left = next((other for other in asked.skills if not other.is_answered and other.id != one.id), None)
    if left is not None:
        return redirect("mentor-opinion:skill", key=mentorship.key, number=left.number)
    send_opinion(mentorship=mentorship, opinion_id=asked.id, now=now)
    send_soon()
    return redirect("mentor-opinion:sent", key=mentorship.key)


def _too_late(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Say that the answers are open or no longer asked for; nothing was saved."""
    status = 409 if request.method == "POST" else 404
    return render_mentor(request, mentorship, "second_opinion/too_late.html", {}, status=status)


@mentor_page(place="opinion")
@require_safe
def sent(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Say what was sent, and that it can change until the owner opens it."""
    asked = find_asked(mentorship)
    if asked is None or asked.sent_at is None:
        return redirect("mentor:plan", key=mentorship.key)
    return render_mentor(request, mentorship, "second_opinion/sent.html", {"asked": asked})
