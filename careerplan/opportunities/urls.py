"""Addresses of opportunities. Each change of state is an endpoint of its own."""

from django.urls import path

from careerplan.opportunities.views import deciding, needed, opportunities, weighing

app_name = "opportunities"
urlpatterns = [
    path("", opportunities.opportunity_list, name="list"),
    path("new/", opportunities.note, name="new"),
    path("compare/", weighing.compare, name="compare"),
    path("criteria/", weighing.criteria, name="criteria"),
    path("<int:pk>/", opportunities.detail, name="detail"),
    path("<int:pk>/edit/", opportunities.edit, name="edit"),
    path("<int:pk>/weigh/", weighing.weigh, name="weigh"),
    path("<int:pk>/skills/", needed.skills, name="skills"),
    path("<int:pk>/advert/", needed.advert, name="advert"),
    path("<int:pk>/pursue/", deciding.pursue, name="pursue"),
    path("<int:pk>/decline/", deciding.decline, name="decline"),
    path("<int:pk>/won/", deciding.won, name="won"),
    path("<int:pk>/lost/", deciding.lost, name="lost"),
    path("<int:pk>/reopen/", deciding.reopen, name="reopen"),
    path("<int:pk>/judge/", deciding.judge, name="judge"),
    path("<int:pk>/delete/", opportunities.delete, name="delete"),
]
