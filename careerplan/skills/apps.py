"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SkillsConfig(AppConfig):
    """App configuration of the assessment wizard and its results."""

    name = "careerplan.skills"
    verbose_name = _("Skills")
