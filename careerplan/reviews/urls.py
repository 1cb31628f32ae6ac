"""URLs of reviews. A plan has at most one open review, so its pages need no id."""

from django.urls import path

from careerplan.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.review_list, name="list"),
    path("schedule/", views.schedule, name="schedule"),
    path("start/", views.start, name="start"),
    path("current/", views.continue_review, name="continue"),
    path("current/overall/", views.overall, name="overall"),
    path("current/finish/", views.finish, name="finish"),
    path("current/<int:place>/", views.goal, name="goal"),
    path("<int:pk>/", views.detail, name="detail"),
]
