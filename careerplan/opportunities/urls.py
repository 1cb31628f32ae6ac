"""URLs of opportunities. Each change of state has its own."""

from django.urls import path

from careerplan.opportunities.views import adverts, decisions, opportunities, weighing

app_name = "opportunities"
urlpatterns = [
    path("", opportunities.opportunity_list, name="list"),
    path("new/", opportunities.add, name="new"),
    path("compare/", weighing.compare, name="compare"),
    path("criteria/", weighing.criteria, name="criteria"),
    path("<int:pk>/", opportunities.detail, name="detail"),
    path("<int:pk>/edit/", opportunities.edit, name="edit"),
    path("<int:pk>/weigh-up/", weighing.weigh, name="weigh"),
    path("<int:pk>/skills/", weighing.skills, name="skills"),
    path("<int:pk>/advert/", adverts.advert, name="advert"),
    path("<int:pk>/pursue/", decisions.pursue, name="pursue"),
    path("<int:pk>/decline/", decisions.decline, name="decline"),
    path("<int:pk>/won/", decisions.won, name="won"),
    path("<int:pk>/lost/", decisions.lost, name="lost"),
    path("<int:pk>/reopen/", decisions.reopen, name="reopen"),
    path("<int:pk>/look-back/", decisions.look_back, name="look-back"),
    path("<int:pk>/delete/", opportunities.delete, name="delete"),
]
