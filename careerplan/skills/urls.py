"""URLs of the assessment. A user has one draft, so its pages need no id.

The results also show goals, so they are in the dashboard (careerplan.urls).
"""

from django.urls import path

from careerplan.skills import views, views_occupations, views_own, views_start

app_name = "skills"
urlpatterns = [
    path("", views_start.home, name="home"),
    path("assessment/", views_start.start, name="start"),
    path("assessment/continue/", views_start.continue_assessment, name="continue"),
    path("assessment/interests/", views_start.start_interests, name="interests"),
    path("assessment/questions/", views_start.ask_questions, name="questions"),
    path("assessment/finish/", views.finish, name="finish"),
    path("assessment/discard/", views_start.discard, name="discard"),
    path("own/<int:pk>/", views_own.rename, name="own"),
    path("own/<int:pk>/delete/", views_own.delete, name="own-delete"),
    path("occupations/", views_occupations.occupations, name="occupations"),
    path("target/", views_occupations.choose_target, name="target"),
    path("assessment/<slug:key>/", views.page, name="page"),
]
