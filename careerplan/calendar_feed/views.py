"""Calendar views: settings, file download, and the feed that calendar apps fetch without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.calendar_feed import queries, services
from careerplan.calendar_feed.addresses import feed_url, subscription_url
from careerplan.calendar_feed.forms import CalendarSettingsForm
from careerplan.calendar_feed.ics import checksum_of, render_calendar
from careerplan.core.forms import form_data

ICS = "text/calendar; charset=utf-8"
# The address is secret: no search engine stores it, and no linked page sees it. An app may cache the feed but must
# revalidate it.
FEED_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Show the calendar settings and the address; save the settings."""
    feed = queries.feed_for(request.user)
    form = CalendarSettingsForm(form_data(request), feed=feed)
    if request.method == "POST" and form.is_valid():
        services.save_settings(user=request.user, choice=form.choice)
        messages.success(request, _("Saved. Your calendar app shows the change at its next update."))
        return redirect("calendar_feed:home")
    return render(request, "calendar_feed/home.html", {"section": "settings", "feed": feed, "form": form})


@require_POST
def make_address(request: AuthenticatedRequest) -> HttpResponse:
    """Make a new address, shown only in this response."""
    seen = request.POST.get("seen", "")
    try:
        serial = int(seen) if seen.isdecimal() and len(seen) < 10 else -1
        token = services.make_address(user=request.user, seen=serial, now=timezone.now())
    except services.FeedAddressChanged:
        messages.error(
            request,
            _("The address has changed in another tab, or you clicked twice. If you did not copy it, make a new one."),
        )
        return redirect("calendar_feed:home")
    address = feed_url(token)
    context = {"section": "settings", "address": address, "subscription": subscription_url(address)}
    return render(request, "calendar_feed/address.html", context)


@require_POST
def stop_address(request: AuthenticatedRequest) -> HttpResponse:
    """Stop the address."""
    services.stop_address(user=request.user)
    messages.success(request, _("Address stopped. Calendar apps can no longer read it."))
    return redirect("calendar_feed:home")


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
    """Serve the feed. The response for a missing feed is always the same and does not repeat the address."""
    found = queries.find_feed(token)
    response: HttpResponse
    if found is None:
        response = HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")
    else:
        contents = queries.calendar_contents(found)
        etag = f'"{checksum_of(contents)}"'
        same = get_conditional_response(request, etag=etag)
        headers = {"Content-Disposition": 'inline; filename="careerplan.ics"'}
        response = same or HttpResponse(render_calendar(contents), content_type=ICS, headers=headers)
        response.headers["ETag"] = etag
    for name, value in FEED_HEADERS.items():
        response.headers[name] = value
    return response
