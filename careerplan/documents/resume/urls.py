"""Addresses of bringing in a resume."""

from django.urls import path

from careerplan.documents.resume import views

app_name = "resume"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("pick/", views.pick, name="pick"),
]
