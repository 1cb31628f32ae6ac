"""Addresses of reviews. A plan has one review under way, so its pages need no id."""

from django.urls import path

from careerplan.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.review_list, name="list"),
    path("rhythm/", views.rhythm, name="rhythm"),
    path("start/", views.start, name="start"),
    path("current/", views.go_on, name="continue"),
    path("current/whole/", views.whole, name="whole"),
    path("current/finish/", views.finish, name="finish"),
    path("current/<int:place>/", views.goal, name="goal"),
    path("<int:pk>/", views.detail, name="detail"),
]
