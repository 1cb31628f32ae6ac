"""How the tests choose a file and pick from what is proposed."""

import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careerplan.imports.content import CvContent
from careerplan.imports.queries import propose_skills
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard

PICK = reverse("imports:cv-select")


def look(client, data):
    return client.post(reverse("imports:choose"), {"file": SimpleUploadedFile("resume", data)})


def sealed_in(response):
    return unescape(re.search(r'name="proposals" value="([^"]+)"', response.content.decode())[1])


def pick(client, response, **picks):
    return client.post(PICK, {"proposals": sealed_in(response), **picks})


def found(user, *names):
    """(skill, how, names of the resume) for each skill that names are taken for."""
    return [(one.name, one.how, one.names) for one in propose_skills(user, CvContent(skills=list(names)))[0]]


def draft():
    return Assessment.objects.drafts().get()


def asked():
    """The names of what the draft asks about."""
    return {skill.name for skill in load_wizard(draft()).answers.skills}
