"""Views of reminder settings, upcoming and sent emails, notifications, and the link that stops emails."""

from datetime import time

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest, User
from careerplan.core.expired_session import referring_path
from careerplan.core.forms import form_data
from careerplan.core.http import not_found_if_deleted, parse_id
from careerplan.core.post_only import post_only
from careerplan.goals.models import Goal
from careerplan.goals.queries.goal_page import GoalPage
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.plans.models import Plan
from careerplan.plans.queries import active_plan, pauses_ahead
from careerplan.reminders import refusals, services
from careerplan.reminders.activity import record_activity
from careerplan.reminders.email_actions.links import STOPS_FOR, BadLink, OldLink
from careerplan.reminders.email_actions.queries import find_stop_request
from careerplan.reminders.forecast import next_mail
from careerplan.reminders.forecast import upcoming as upcoming_mails
from careerplan.reminders.forms import GoalRemindersForm, ReminderSettingsForm
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.queries.digests import attention_for, list_digests, list_notifications
from careerplan.reminders.queries.preferences import goal_reminder_settings, muted_goals, preferences_of


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show and save the reminder settings, with the next email in one line."""
    now = timezone.now()
    plan = active_plan(request.user)
    preferences = preferences_of(request.user)
    form = ReminderSettingsForm.for_preferences(preferences, form_data(request))
    if request.method == "POST" and form.is_valid():
        services.save_preferences(user=request.user, **form.preferences())
        messages.success(request, _("Settings saved."))
        return redirect("reminders:settings")
    context = {
        "section": "settings",
        "form": form,
        "muted_goals": muted_goals(request.user),
        "attention": attention_for(request.user),
        "plan": plan,
        "pauses": pauses_ahead(plan, timezone.localdate(now)) if plan else [],
        "preferences": preferences,
        "sends_at": time(preferences.hour),
        "next": next_mail(request.user, now),
    }
    return render(request, "reminders/settings.html", context)


@post_only(gettext_lazy("Save reminders"), "goals:detail", gettext_lazy("Go to the goal"))
@not_found_if_deleted(Goal.DoesNotExist)
def save_goal(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Save the reminder settings of one goal."""
    own = Goal.objects.for_user(request.user).filter(plan__state=Plan.State.ACTIVE)
    goal = get_object_or_404(own.select_related("plan__user"), pk=pk)
    form = GoalRemindersForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Not saved: choose one of the options on the page."))
        return redirect(goal)
    try:
        services.save_goal_reminders(goal=goal, **form.cleaned_data)
    except GoalIsClosed:
        messages.error(request, _("You get no reminders about a closed goal. Reopen it to change its reminders."))
    else:
        messages.success(request, _("Reminders saved."))
    return redirect(goal)


@post_only(gettext_lazy("Change nothing"), "reminders:settings", gettext_lazy("Go to your reminders"))
def keep_as_is(request: AuthenticatedRequest) -> HttpResponse:
    """Stop asking for feedback, and return to the page that asked: nothing is wrong."""
    services.dismiss_feedback_question(user=request.user)
    return redirect(referring_path(request))


@post_only(gettext_lazy("Try this address again"), "reminders:settings", gettext_lazy("Go to your reminders"))
def try_address_again(request: AuthenticatedRequest) -> HttpResponse:
    """Send mail to a rejected address again."""
    refusals.retry_rejected_addresses(user=request.user)
    messages.success(request, _("We will send your next email to this address."))
    return redirect("reminders:settings")


@require_safe
def upcoming(request: AuthenticatedRequest) -> HttpResponse:
    """Show the emails of the next 30 days."""
    context = {"section": "settings", "mails": upcoming_mails(request.user, timezone.now())}
    return render(request, "reminders/upcoming.html", context)


@require_safe
def sent(request: AuthenticatedRequest) -> HttpResponse:
    """Show the last emails with their reminders and the stage of each."""
    return render(request, "reminders/sent.html", {"section": "settings", "mails": list_digests(request.user)})


@require_safe
def notifications(request: AuthenticatedRequest) -> HttpResponse:
    """Show the valid notifications."""
    context = {
        "section": "notifications",
        "notifications": list_notifications(request.user),
        "attention": attention_for(request.user),
    }
    return render(request, "reminders/notifications.html", context)


@post_only(gettext_lazy("Mark all as read"), "reminders:notifications", gettext_lazy("Go to your notifications"))
def mark_notifications_seen(request: AuthenticatedRequest) -> HttpResponse:
    """Mark the notifications on the page as read."""
    last = parse_id(request.POST.get("up_to", ""))
    if last is not None:
        services.mark_notifications_seen(user=request.user, up_to=last, now=timezone.now())
    return redirect("reminders:notifications")


@csrf_exempt  # a mail client posts without cookie or token (RFC 8058); the signed link is the permission
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the kinds of email that are signed in the link. GET asks, POST stops: one click in the mail client, or the
    button. All kinds can be stopped by their own link, or by the user who is signed in.
    """
    try:
        link, user = find_stop_request(token, timezone.now())
        response = _stop(request, user, link.kinds)
    except BadLink:
        response = render(request, "reminders/invalid_stop_link.html", status=404)
    except OldLink:
        context = {"is_old": True, "good_for_days": STOPS_FOR.days}
        response = render(request, "reminders/invalid_stop_link.html", context, status=410)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _stop(request: HttpRequest, user: User, kinds: list[ReminderKind]) -> HttpResponse:
    """Stop, or ask. Does not show the address: the holder of an old email need not know the current one."""
    may_stop_all = request.user == user
    if request.method == "POST":
        if "all" in request.POST and may_stop_all:
            kinds = list(ReminderKind)
        services.stop_kinds(user=user, kinds=kinds)
        record_activity(user=user, now=timezone.now())
        return render(request, "reminders/stop.html", {"kinds": kinds, "stopped": True})
    muted = set(preferences_of(user).muted_kinds)
    context = {
        "kinds": kinds,
        "stopped_before": bool(kinds) and muted.issuperset(kinds),
        "may_stop_all": may_stop_all and not {*ReminderKind} <= {*kinds, *muted},
    }
    return render(request, "reminders/stop.html", context)


def goal_reminders_panel(request: HttpRequest, page: GoalPage) -> SafeString:
    """Render the section "Reminders" of an active goal. One query."""
    settings = goal_reminder_settings(page.goal, page.open_steps, timezone.now())
    form = GoalRemindersForm.of_goal(settings.leads, is_muted=settings.is_muted)
    context = {"goal": page.goal, "form": form, "settings": settings, "next": settings.next}
    return render_to_string("reminders/_goal.html", context, request)
