"""Addresses of the plan. What also shows goals lives in the app of the goals and is joined in careerplan.urls."""

from django.urls import path

from careerplan.plans import views

app_name = "plans"
urlpatterns = [
    path("edit/", views.plan_edit, name="edit"),
]
