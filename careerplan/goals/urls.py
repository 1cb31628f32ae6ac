"""Addresses of goals and steps. Each change of state is an endpoint of its own, POST only."""

from django.urls import path

from careerplan.goals import views

app_name = "goals"
urlpatterns = [
    path("", views.goal_list, name="list"),
    path("new/", views.goal_new, name="new"),
    path("<int:pk>/", views.goal_detail, name="detail"),
    path("<int:pk>/steps/new/", views.step_new, name="step-new"),
    path("steps/<int:pk>/complete/", views.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", views.step_reopen, name="step-reopen"),
]
