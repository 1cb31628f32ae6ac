"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecondOpinionConfig(AppConfig):
    """The blind second opinion."""

    name = "careerplan.second_opinion"
    verbose_name = _("Second opinions")

    def ready(self) -> None:
        """Add what is asked to the mentor's plan, and the answers to the owner's people and history."""
        from careerplan.mentoring.mentor.panels import asking_panels, plan_panels  # noqa: PLC0415  (needs the models loaded)
        from careerplan.mentoring.owner.panels import person_lines, person_panels  # noqa: PLC0415
        from careerplan.planning.queries.told_days import tellers  # noqa: PLC0415
        from careerplan.second_opinion.mentor.panels import asked_panel, differences_panel  # noqa: PLC0415
        from careerplan.second_opinion.owner.history import tell_opinions  # noqa: PLC0415
        from careerplan.second_opinion.owner.panels import opinion_line, opinion_panel  # noqa: PLC0415

        tellers.append(tell_opinions)
        asking_panels.append(asked_panel)
        plan_panels.append(differences_panel)
        person_lines.append(opinion_line)
        person_panels.append(opinion_panel)
