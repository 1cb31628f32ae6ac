"""Addresses of mentors, below /with/: the key of the mentorship, which opens nothing alone, then the page."""

from django.urls import path

from careerplan.mentoring.mentor import entry_views, views

app_name = "mentor"
urlpatterns = [
    path("", views.people, name="people"),
    path("<uuid:key>/", entry_views.invitation, name="invitation"),
    path("<uuid:key>/code/send/", entry_views.code_send, name="code-send"),
    path("<uuid:key>/code/", entry_views.code, name="code"),
    path("<uuid:key>/account/", entry_views.accept_by_account, name="accept"),
    path("<uuid:key>/decline/", entry_views.decline_page, name="decline"),
    path("<uuid:key>/stop/", entry_views.stop_address_page, name="stop-address"),
    path("<uuid:key>/emails/", entry_views.stop_emails, name="stop-emails"),
    path("<uuid:key>/plan/", views.plan, name="plan"),
    path("<uuid:key>/goals/<int:pk>/", views.goal, name="goal"),
    path("<uuid:key>/leave/", views.leave_page, name="leave"),
    path("<uuid:key>/out/", views.sign_out, name="sign-out"),
]
