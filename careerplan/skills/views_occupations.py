"""Views of the assessment about occupations: suggestions while typing, and the target."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.fields import occupation_path
from careerplan.catalogue.no_title import answer_without_title
from careerplan.catalogue.queries import occupation_by_id, search_occupations
from careerplan.core.http import allow_shared_caching
from careerplan.core.post_only import post_only
from careerplan.plans.forms import HITS
from careerplan.plans.services import set_target

SUGGESTION_RATES = {"occupations": "300/m/ip"}  # allauth's form: an office of ten that types without a pause


@login_not_required
@require_safe
@ratelimit.decorator(app="skills", action="occupations", config=SUGGESTION_RATES, limit_get=True)
def occupations(request: HttpRequest) -> HttpResponse:
    """Return occupations that match the typed words (static/js/occupations.js), to anyone.

    At most 100 characters count. Cacheable, and limited for each address (429).
    """
    text = request.GET.get("q", "")
    hits = search_occupations(text, HITS)
    found = [
        {"id": hit.pk, "title": hit.title, "matched": hit.matched, "path": occupation_path(hit.code, hit.title)}
        for hit in hits
    ]
    near = bool(hits) and hits[0].is_near
    count = ngettext("%(n)s occupation", "%(n)s occupations", len(hits))
    if near:
        count = ngettext(
            "Nothing is quite like it. Here is the nearest.",
            "Nothing is quite like it. Here are the %(n)s nearest.",
            len(hits),
        )
    words = count % {"n": len(hits)} if hits else _("No match found. You can keep your own words.")
    answer = answer_without_title(text)
    return allow_shared_caching(
        request, JsonResponse({"hits": found, "near": near, "answers": bool(answer), "status": answer or words})
    )


@post_only(gettext_lazy("Make this my target role"), "skills:home", gettext_lazy("Go to your skills"))
def choose_target(request: AuthenticatedRequest) -> HttpResponse:
    """Make an occupation the target role of the plan, and compare the newest results with it."""
    occupation = occupation_by_id(request.POST.get("occupation", ""))
    if occupation is None:
        raise Http404
    set_target(user=request.user, occupation=occupation, today=timezone.localdate())
    messages.success(request, _("Your target role is now %(title)s.") % {"title": occupation.title})
    return redirect("skills:results")
