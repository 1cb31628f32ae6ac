"""Addresses of goals and steps. Each change of state is an endpoint of its own, POST only."""

from django.urls import path

from careerplan.goals import views
from careerplan.goals.models import Goal

app_name = "goals"
urlpatterns = [
    path("", views.goal_list, name="list"),
    path("new/", views.goal_new, name="new"),
    path("<int:pk>/", views.goal_detail, name="detail"),
    path("<int:pk>/edit/", views.goal_edit, name="edit"),
    path("<int:pk>/reached/", views.goal_close, {"outcome": Goal.State.ACHIEVED}, name="reached"),
    path("<int:pk>/partly-reached/", views.goal_close, {"outcome": Goal.State.PARTLY}, name="partly-reached"),
    path("<int:pk>/let-go/", views.goal_close, {"outcome": Goal.State.LET_GO}, name="let-go"),
    path("<int:pk>/reopen/", views.goal_reopen, name="reopen"),
    path("<int:pk>/delete/", views.goal_delete, name="delete"),
    path("<int:pk>/steps/new/", views.step_new, name="step-new"),
    path("steps/<int:pk>/edit/", views.step_edit, name="step-edit"),
    path("steps/<int:pk>/drop/", views.step_drop, name="step-drop"),
    path("steps/<int:pk>/complete/", views.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", views.step_reopen, name="step-reopen"),
]
