"""App configurations of the ground floor."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class CoreConfig(AppConfig):
    """What every app needs and no noun owns."""

    name = "careerplan.core"


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Static files without what no page loads: the parts of the style sheet, and what packages bring besides."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, "*.md", "*.ts", "css/*"]
