"""Addresses of goals and steps. Each change of state is an endpoint of its own, POST only."""

from django.urls import path

from careerplan.goals.models import Goal
from careerplan.goals.views import goals, progress, steps

app_name = "goals"
urlpatterns = [
    path("", goals.goal_list, name="list"),
    path("new/", goals.goal_new, name="new"),
    path("<int:pk>/", goals.goal_detail, name="detail"),
    path("<int:pk>/edit/", goals.goal_edit, name="edit"),
    path("<int:pk>/reached/", goals.goal_close, {"outcome": Goal.State.ACHIEVED}, name="reached"),
    path("<int:pk>/partly-reached/", goals.goal_close, {"outcome": Goal.State.PARTLY}, name="partly-reached"),
    path("<int:pk>/let-go/", goals.goal_close, {"outcome": Goal.State.LET_GO}, name="let-go"),
    path("<int:pk>/reopen/", goals.goal_reopen, name="reopen"),
    path("<int:pk>/delete/", goals.goal_delete, name="delete"),
    path("<int:pk>/record/", progress.record, name="record"),
    path("<int:pk>/readings/", progress.readings, name="readings"),
    path("readings/<int:pk>/withdraw/", progress.reading_withdraw, name="reading-withdraw"),
    path("readings/<int:pk>/restore/", progress.reading_restore, name="reading-restore"),
    path("<int:pk>/steps/new/", steps.step_new, name="step-new"),
    path("steps/<int:pk>/edit/", steps.step_edit, name="step-edit"),
    path("steps/<int:pk>/drop/", steps.step_drop, name="step-drop"),
    path("steps/<int:pk>/complete/", steps.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", steps.step_reopen, name="step-reopen"),
]
