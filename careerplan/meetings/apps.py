"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings of an owner and a mentor."""

    name = "careerplan.meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        """Add the meeting to the pages of both people, and to the owner's history."""
        from careerplan.meetings.mentor.panels import meeting_panel  # noqa: PLC0415  (needs the models loaded)
        from careerplan.meetings.owner.history import tell_meetings  # noqa: PLC0415
        from careerplan.meetings.owner.panels import earlier_meetings, meeting_section  # noqa: PLC0415
        from careerplan.mentoring.mentor.panels import asking_panels  # noqa: PLC0415
        from careerplan.mentoring.owner.panels import people_panels, person_panels  # noqa: PLC0415
        from careerplan.planning.queries.told_days import tellers  # noqa: PLC0415

        tellers.append(tell_meetings)
        asking_panels.append(meeting_panel)
        person_panels.append(meeting_section)
        people_panels.append(earlier_meetings)
