"""The calendar page, the file to download, and the feed that calendar apps fetch without signing in."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest, User
from accounts.notices import send_notice
from accounts.receivers import user_after_reset
from careerplan.calendar_feed import queries, services
from careerplan.calendar_feed.forms import AddressForm, CalendarSettingsForm
from careerplan.calendar_feed.ics import checksum_of, render_calendar
from careerplan.core.edit_conflicts import report_auto_merged, retry_when_stale
from careerplan.core.forms import form_data
from careerplan.core.mail import absolute_url
from careerplan.core.post_only import post_only

ICS = "text/calendar; charset=utf-8"
# The address is a key: no page opened from the calendar learns it. An app may store the feed, and asks each time
# whether it has changed.
FEED_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
}


@require_http_methods(["GET", "HEAD", "POST"])
@retry_when_stale
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Show the calendar and its address, and save the settings."""
    feed = queries.feed_for(request.user)
    form = CalendarSettingsForm(form_data(request), feed=feed)
    if request.method == "POST" and form.is_valid():
        services.save_settings(feed=feed, changes=form.changes())
        messages.success(request, _("Saved. Your calendar app shows the change at its next update."))
        report_auto_merged(request, form)
        return redirect("calendar_feed:home")
    context = {"section": "settings", "feed": feed, "form": form, "address_form": AddressForm(feed=feed)}
    return render(request, "calendar_feed/home.html", context)


@post_only(gettext_lazy("Make a new address"), "calendar_feed:home", gettext_lazy("Go to your calendar"))
@reauthentication_required
@retry_when_stale
def make_address(request: AuthenticatedRequest) -> HttpResponse:
    """Make a new address and show it, this once."""
    feed = queries.feed_for(request.user)
    if not AddressForm(request.POST, feed=feed).is_valid():
        messages.error(
            request,
            _("The address has changed in another tab, or you clicked twice. If you did not copy it, make a new one."),
        )
        return redirect("calendar_feed:home")
    address = services.feed_url(services.make_address(feed=feed, now=timezone.now()))
    _send_notice("calendar_address_made", request, request.user)
    context = {"section": "settings", "address": address, "subscription": services.subscription_url(address)}
    return render(request, "calendar_feed/address.html", context)


@post_only(gettext_lazy("Stop the address"), "calendar_feed:home", gettext_lazy("Go to your calendar"))
def stop_address(request: AuthenticatedRequest) -> HttpResponse:
    """Turn off the address of the calendar: programs that ask for it get nothing."""
    if services.stop_address(user=request.user):
        _send_notice("calendar_address_stopped", request, request.user)
    messages.success(request, _("Address stopped. Calendar apps can no longer read it."))
    return redirect("calendar_feed:home")


def _send_notice(name: str, request: HttpRequest, user: User) -> None:
    calendar_url = absolute_url(reverse("calendar_feed:home"))
    send_notice(name, request=request, user=user, context={"calendar_url": calendar_url})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset_done(request: HttpRequest) -> HttpResponse:
    """Say that a reset is done, and offer to stop the calendar address: whoever knew the password may have made it."""
    user = user_after_reset(request)
    stopped = False
    if request.method == "POST" and user is not None:
        if services.stop_address(user=user):
            _send_notice("calendar_address_stopped", request, user)
        stopped = True
    context = {"stopped": stopped, "addresses": queries.count_addresses(user) if user else 0}
    return render(request, "calendar_feed/password_reset_done.html", context)


@require_safe
def download(request: AuthenticatedRequest) -> HttpResponse:
    """Download the calendar as it is now."""
    content = render_calendar(queries.calendar_contents(queries.feed_for(request.user)))
    name = f"careerplan-{timezone.localdate().isoformat()}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=ICS, headers=headers)


@login_not_required
@require_safe
@sensitive_variables("token")
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the feed. Without one, the response is the same for any reason, and does not repeat the address."""
    found = queries.find_feed(token)
    response: HttpResponse
    if found is None:
        response = HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")
    else:
        contents = queries.calendar_contents(found)
        etag = f'"{checksum_of(contents)}"'
        unchanged = get_conditional_response(request, etag=etag)
        headers = {"Content-Disposition": 'inline; filename="careerplan.ics"'}
        response = unchanged or HttpResponse(render_calendar(contents), content_type=ICS, headers=headers)
        response.headers["ETag"] = etag
    for name, value in FEED_HEADERS.items():
        response.headers[name] = value
    return response
