"""Addresses of opportunities. Each change of state is an endpoint of its own."""

from django.urls import path

from careerplan.opportunities import views

app_name = "opportunities"
urlpatterns = [
    path("", views.opportunity_list, name="list"),
    path("new/", views.note, name="new"),
    path("compare/", views.compare, name="compare"),
    path("criteria/", views.criteria, name="criteria"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/weigh/", views.weigh, name="weigh"),
    path("<int:pk>/skills/", views.skills, name="skills"),
    path("<int:pk>/advert/", views.advert, name="advert"),
    path("<int:pk>/pursue/", views.pursue, name="pursue"),
    path("<int:pk>/decline/", views.decline, name="decline"),
    path("<int:pk>/won/", views.won, name="won"),
    path("<int:pk>/lost/", views.lost, name="lost"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/judge/", views.judge, name="judge"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
