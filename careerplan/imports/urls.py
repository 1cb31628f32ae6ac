"""URLs of imports."""

from django.urls import path

from careerplan.imports import views
from careerplan.imports.lists import views as list_views

app_name = "imports"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("cv/", views.pick, name="cv-select"),
    path("list/", list_views.pick_list, name="list"),
]
