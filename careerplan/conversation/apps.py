"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationConfig(AppConfig):
    """App configuration of comments and suggestions."""

    name = "careerplan.conversation"
    verbose_name = _("Comments")
