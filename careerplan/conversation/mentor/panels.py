"""The section "Comments" on a mentor's page of a goal."""

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careerplan.conversation.forms import CommentForm
from careerplan.conversation.mentor.forms import SuggestionForm
from careerplan.conversation.mentor.queries import list_new, load_suggestions, load_threads, movable_steps
from careerplan.conversation.models import Side
from careerplan.conversation.services.comments import mark_read
from careerplan.conversation.services.suggestions import mark_answers_read
from careerplan.conversation.threads import asked_page, new_ids
from careerplan.mentoring.mentor.queries import MentorGoal, mentor_frame
from careerplan.mentoring.models import Mentorship


def goal_talk(request: HttpRequest, mentorship: Mentorship, goal: MentorGoal, *, is_preview: bool) -> SafeString:
    """Render the comments on a goal and what was suggested for it. Three queries; more where something is new.

    What is new counts as read then, unless the owner looks at the mentor's page.
    """
    now = timezone.now()
    talk = load_threads(mentorship, now=now, asked=asked_page(request.GET), goal=goal.id)
    suggestions = load_suggestions(mentorship, goal=goal.id)
    frame = mentor_frame(mentorship, is_preview=is_preview)
    context = {"frame": frame, "goal": goal, "talk": talk, "suggestions": suggestions, "is_preview": is_preview}
    if not is_preview:
        context |= {
            "form": comment_form(mentorship, goal),
            "suggestion_form": suggestion_form(mentorship, goal) if goal.is_active else None,
        }
        if request.method == "GET":
            mark_read(by=Side.MENTOR, comments=new_ids(talk.threads), now=now)
            mark_answers_read(suggestions=[row.id for row in suggestions if row.is_new], now=now)
    return render_to_string("mentor/talk/_goal.html", context, request)


def new_talk(request: HttpRequest, mentorship: Mentorship, *, is_preview: bool) -> SafeString:
    """Render where something is new to the mentor, above the plan; nothing where nothing is. Two queries."""
    rows = [] if is_preview else list_new(mentorship)
    return render_to_string("mentor/talk/_new.html", {"rows": rows}, request)


def comment_form(mentorship: Mentorship, goal: MentorGoal, data: QueryDict | None = None) -> CommentForm:
    """Return the form for a comment on a goal or one of its open steps."""
    label = _("Write to %(name)s") % {"name": mentorship.owner.first_name or mentorship.owner.name}
    return CommentForm(data, label=label, steps=[(step.id, step.title) for step in goal.open_steps])


def suggestion_form(mentorship: Mentorship, goal: MentorGoal, data: QueryDict | None = None) -> SuggestionForm:
    """Return the form that suggests a step for a goal, or another day for one of the steps a mentor may move."""
    today = timezone.localdate(timezone.now(), mentorship.owner.zone)
    steps = movable_steps(mentorship, goal=goal.id)
    return SuggestionForm(data, goal=goal.id, goal_due_on=goal.due_on, today=today, steps=steps)
