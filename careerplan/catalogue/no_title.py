"""People without a title: who studies, is retired, looks after others or has a business gets an answer, no list."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.folding import fold

_STUDYING = _("Studying is not an occupation in our list. Type what you want to become.")
_RETIRED = _("Being retired is not an occupation in our list. Type what you did, or what you want to do now.")
_LOOKING = _("Between jobs? Type what you did last, or what you want to do next.")
_HOME = _("Looking after a home or a family is not rated in our list. Type a job that you did or want to do.")
_OWN = _("Type what your business does or what you do in it, such as “bookkeeper” or “florist”.")
_HELPING = _("Type what you do as a volunteer, such as “coach” or “care assistant”.")
_UNSURE = _("Type a job that you know, or browse the fields of work.")

STATES: tuple[tuple[Promise, str], ...] = (
    (
        _STUDYING,
        """
        student, students, pupil, schoolboy, schoolgirl, undergraduate, graduate, school leaver, phd
        student, doctoral student, phd candidate, doctoral candidate, trainee, apprentice, intern,
        internship, work experience, in school, at school, at university, at college, in education, in
        training, gap year, studying, exchange student
        """,
    ),
    (
        _RETIRED,
        """
        retired, retiree, pensioner, retirement, retired person, senior citizen, early retirement, semi
        retired
        """,
    ),
    (
        _LOOKING,
        """
        unemployed, jobless, job seeker, jobseeker, between jobs, out of work, looking for work, looking for
        a job, not working, no job, none, redundant, made redundant, career break, on a career break,
        sabbatical, on sick leave, long term sick, disabled, not employed, unemployment, nothing, inactive,
        refugee, asylum seeker
        """,
    ),
    (
        _HOME,
        """
        stay at home parent, stay at home mum, stay at home mom, stay at home dad, stay at home mother, stay
        at home father, homemaker, housewife, househusband, house husband, house wife, at home, parent,
        mother, father, mum, mom, dad, full time mum, full time mom, full time parent, full time dad,
        maternity leave, on maternity leave, parental leave, on parental leave, paternity leave, family
        carer, unpaid carer, caring for my mother, caring for family
        """,
    ),
    (
        _OWN,
        """
        self employed, freelancer, freelance, entrepreneur, business owner, small business owner, sole
        trader, contractor, own business, my own business, own boss, startup founder, founder, co founder,
        gig worker, self employment, independent contractor, partner, solopreneur, shop owner, company
        owner, owner, investor
        """,
    ),
    (_HELPING, "volunteer, voluntary work, volunteering"),
    (
        _UNSURE,
        """
        i do not know, i don t know, don t know, dont know, no idea, not sure, anything, other, n a, na,
        unknown
        """,
    ),
)
_ANSWERS = {" ".join(state.split()): answer for answer, states in STATES for state in states.split(",")}
_OF_STUDENTS = re.compile(r"(?:.+ )?(?:student|undergraduate|pupil)(?: (?:of|in|at) .+)?")
_TEACHES = re.compile(r"student (?!of |in |at ).+")  # a student nurse will be one; student support is a job
_FRAME = re.compile(
    r"^(?:i am |i m |im |currently |now |a |an |full time |part time )+|(?: at the moment| now| currently)$"
)


def answer_without_title(text: str) -> str:
    """Return what to say to someone who typed what they are in place of an occupation; "" for anything else."""
    plain = fold(text)
    for form in (plain, _FRAME.sub("", plain)):
        if answer := _ANSWERS.get(form):
            return str(answer)
        if _OF_STUDENTS.fullmatch(form) and not _TEACHES.match(form):
            return str(_STUDYING)
    return ""
