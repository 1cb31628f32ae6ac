"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationConfig(AppConfig):
    """App configuration of comments and suggestions."""

    name = "careerplan.conversation"
    verbose_name = _("Comments")

    def ready(self) -> None:
        """Add sections to the pages of goals and reviews, the owner's and the mentor's, and to the history."""
        # The models are loaded by now.
        from careerplan.conversation.mentor import panels as of_mentor  # noqa: PLC0415
        from careerplan.conversation.owner import panels as of_owner  # noqa: PLC0415
        from careerplan.conversation.owner.history import tell_conversation  # noqa: PLC0415
        from careerplan.goals.queries.goal_page import progress_panels  # noqa: PLC0415
        from careerplan.mentoring.mentor.panels import asking_panels, goal_panels  # noqa: PLC0415
        from careerplan.planning.queries.told_days import tellers  # noqa: PLC0415
        from careerplan.reviews.panels import review_panels  # noqa: PLC0415

        tellers.append(tell_conversation)
        progress_panels.append(of_owner.goal_talk)
        review_panels.append(of_owner.review_talk)
        goal_panels.append(of_mentor.goal_talk)
        asking_panels.append(of_mentor.new_talk)
