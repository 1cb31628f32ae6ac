"""Pages that show sent emails. They exist only if LOCAL_MAIL_DIR is set, on the user's own machine.

Others may use that machine, too: the address holds a key (LOCAL_MAIL_KEY), and without it there is no page.
"""

import re
from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from careerplan.local import mailbox

# An email is untrusted HTML: no scripts, no forms, nothing loaded; clicked links may leave the frame. We set the whole
# header, because django-csp would only add to the directives of the site.
MAIL_POLICY = (
    "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


@login_not_required
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every message, newest first."""
    return render(request, "local/mail_list.html", {"emails": mailbox.newest(_folder())})


@login_not_required
@require_safe
@csp_update({"frame-src": ["'self'"]})
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """Show a message: its headers, its text, and its HTML in a frame."""
    return render(request, "local/mail_detail.html", {"mail": _message(name)})


@login_not_required
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Return the HTML part for the frame. Its links open in the whole window."""
    html = _message(name).html
    if not html:
        raise Http404
    html = re.sub(r"(<head[^>]*>)", r'\1<base target="_top">', html, count=1, flags=re.IGNORECASE)
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def _folder() -> Path:
    return Path(settings.LOCAL_MAIL_DIR)


def _message(name: str) -> mailbox.Message:
    message = mailbox.read(_folder(), name)
    if message is None:
        raise Http404
    return message
