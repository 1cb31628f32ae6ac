"""Settings of reminders, and stopping them from a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest, User
from careerplan.core.forms import posted
from careerplan.reminders import queries, services
from careerplan.reminders.forms import PreferencesForm
from careerplan.reminders.models import ReminderKind
from careerplan.reminders.stop_links import BadStopLink, read_stop_token


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: AuthenticatedRequest) -> HttpResponse:
    """When and about what the person is reminded, what was sent, and the way to the account's settings."""
    preferences = queries.preferences_of(request.user)
    form = PreferencesForm.for_preferences(preferences, posted(request))
    if request.method == "POST" and form.is_valid():
        services.save_preferences(user=request.user, hour=form.cleaned_data["hour"], muted_kinds=form.muted_kinds())
        messages.success(request, _("Settings saved."))
        return redirect("reminders:settings")
    context = {
        "section": "settings",
        "form": form,
        "sent": queries.sent_mails(request.user),
        "local_now": timezone.localtime(),
    }
    return render(request, "reminders/settings.html", context)


@csrf_exempt  # a mail client posts without cookie or token (RFC 8058); the signed link is the permission
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the kinds of e-mail a mail was about. GET asks, POST stops: one click in the mail client, or the button."""
    try:
        user_id, kinds = read_stop_token(token)
    except BadStopLink:
        raise Http404 from None
    user = get_object_or_404(User, pk=user_id)
    if request.method == "POST":
        if "all" in request.POST:
            kinds = list(ReminderKind)
        services.stop_kinds(user=user, kinds=kinds)
    context = {"kinds": kinds, "stopped": request.method == "POST", "address": user.email}
    return render(request, "reminders/stop.html", context)
