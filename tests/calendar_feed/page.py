"""The calendar page, and what is sent from it."""

from careerplan.calendar_feed.models import CalendarPart

HOME = "/calendar/"
ALL_CHOSEN = {"parts": list(CalendarPart.values), "steps_as": "events", "alarm": ""}


def page_values(client, name="form"):
    """The hidden values of a form on the calendar page."""
    form = client.get(HOME).context[name]
    return {field.html_name: field.value() for field in form if field.is_hidden}
