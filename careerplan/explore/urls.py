"""URLs of the public pages of occupations."""

from django.urls import path

from careerplan.explore import views

app_name = "explore"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.field, name="field"),
    path("<slug:slug>/<slug:key>/", views.occupation, name="occupation"),
    path("<slug:slug>/<slug:key>/try/", views.tryout, name="tryout"),
    path("<slug:slug>/<slug:key>/keep/", views.keep, name="keep"),
]
