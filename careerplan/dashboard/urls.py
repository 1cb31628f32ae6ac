"""The front door: landing page or Today, and what we promise about privacy."""

from django.urls import path

from careerplan.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.front, name="front"),
    path("today/", views.today, name="today"),
    path("privacy/", views.privacy, name="privacy"),
]
