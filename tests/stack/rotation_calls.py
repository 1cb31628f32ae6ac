"""What a process makes with its keys, and what another one can read of it (see StackProcess)."""

from django.db import connection
from django.test import Client

from accounts.factors.encryption import InvalidToken, decrypt, encrypt
from accounts.models import User
from tests.browser.people import make_email_links, session_cookie
from tests.factories.accounts import UserFactory

SECRET = "of an authenticator app"


def make() -> dict[str, str]:
    """A session, a link of an email and a stored secret, all of this process's first key."""
    cookie = session_cookie(email=UserFactory().email)
    return {"session": cookie["value"], "link": f"{make_email_links()['shoes']}done/", "secret": encrypt(SECRET)}


def read(*, session: str, link: str, secret: str) -> dict[str, bool]:
    """Whether this process takes each of them."""
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = session
    return {
        "session": client.get("/reminders/settings/").status_code == 200,
        "link": Client(SERVER_NAME="localhost").get(link).status_code == 200,
        "secret": _opens(secret),
    }


def _opens(secret: str) -> bool:
    try:
        return decrypt(secret) == SECRET
    except InvalidToken:
        return False


def database_role() -> str:
    """The role as which this process writes a row."""
    User.objects.create_user(email=f"{UserFactory().pk}@rotation.example.org", name="Ruth")
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return cursor.fetchone()[0]
