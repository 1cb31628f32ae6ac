"""URLs of the plan. Pages that also show goals are in the goals app; careerplan.urls joins them."""

from django.urls import path

from careerplan.plans import views

app_name = "plans"
urlpatterns = [
    path("edit/", views.plan_edit, name="edit"),
]
