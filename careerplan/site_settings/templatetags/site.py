"""Template tags for what an operator sets, and the header and foot that show it. Builtins: no {% load %} needed."""

from functools import lru_cache

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from careerplan.core.dates import days_in_words
from careerplan.core.templatetags.careerplan import CSRF_PLACE
from careerplan.site_settings.notices import is_hidden
from careerplan.site_settings.queries import Site, current_site, known_site

register = template.Library()


@register.simple_tag(name="site")
def get_site() -> Site:
    """Return the settings of the site: `{% site as site %}`."""
    return current_site()


@register.filter(name="days_in_words")
def show_days(days: int) -> str:
    """Say for how many days something is kept: 90 days, 1 year."""
    return days_in_words(days)


@register.simple_tag(name="known_site")
def get_known_site() -> Site:
    """Return the settings that this process saw last: for pages that need neither the session nor the database."""
    return known_site()


@register.simple_tag(takes_context=True)
def page_header(context: template.Context) -> SafeString:
    """Render the header of a signed-in page, once for each site, language, section of the menu and name."""
    request = context["request"]
    section = str(context.get("section", ""))
    is_operator = bool(request.user.is_staff)
    header = _page_header(current_site(), translation.get_language() or "", section, str(request.user), is_operator)
    return SafeString(header.replace(CSRF_PLACE, get_token(request)))


@lru_cache(maxsize=2048)
def _page_header(site: Site, language: str, section: str, name: str, is_operator: bool) -> str:  # noqa: FBT001
    values = {
        "section": section,
        "name": name.replace("\ue000", ""),
        "csrf_token": CSRF_PLACE,
        "site": site,
        "is_operator": is_operator,
    }
    return render_to_string("components/_header.html", values)


@register.simple_tag(takes_context=True)
def page_footer(context: template.Context) -> SafeString:
    """Render the footer of a page, once for each site, language and whether there are shortcuts."""
    request = context.get("request")
    has_keys = request is not None and request.user.is_authenticated
    return _page_footer(current_site(), translation.get_language() or "", has_keys)


@lru_cache(maxsize=64)
def _page_footer(site: Site, language: str, has_keys: bool) -> SafeString:  # noqa: FBT001
    return SafeString(render_to_string("components/_footer.html", {"site": site, "has_keys": has_keys}))


@register.simple_tag(takes_context=True)
def shown_notice(context: template.Context) -> str:
    """Return the notice for every page, unless this session has hidden it."""
    notice = current_site().notice
    return "" if not notice or is_hidden(context["request"], notice) else notice
