"""URLs of the CV import."""

from django.urls import path

from careerplan.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.choose, name="cv"),
    path("select/", views.pick, name="cv-select"),
]
