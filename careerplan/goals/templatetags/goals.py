"""Pictures of the nouns of goals (DESIGN.md section 11)."""

from django import template
from django.utils.safestring import SafeString

from careerplan.core.templatetags.careerplan import icon
from careerplan.goals.models import Resource

register = template.Library()

KINDS = {
    Resource.Kind.TIME_OFF: "calendar",
    Resource.Kind.MONEY: "banknote",
    Resource.Kind.COURSE: "book-open",
    Resource.Kind.PERSON: "user-round",
    Resource.Kind.EQUIPMENT: "wrench",
    Resource.Kind.INFORMATION: "info",
    Resource.Kind.OTHER: "paperclip",
}
STATES = {Resource.State.NEEDED: "circle", Resource.State.REQUESTED: "hourglass", Resource.State.SECURED: "check"}


@register.filter
def kind_icon(resource: Resource) -> SafeString:
    """The picture of what kind of thing a step needs."""
    return SafeString(icon(KINDS[Resource.Kind(resource.kind)]))


@register.filter
def state_icon(resource: Resource) -> SafeString:
    """The picture of how far one is in getting it."""
    return SafeString(icon(STATES[Resource.State(resource.state)]))
