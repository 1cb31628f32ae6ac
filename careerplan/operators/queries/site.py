"""What the page of the site shows beside its form."""

from django.db.models import Count, Max

from accounts.models import Consent, User
from careerplan.site_settings.models import LegalText, TextKind


def newest_texts() -> list[tuple[str, str, LegalText | None]]:
    """Return each kind with its label and its newest version; None where there never was one. One query."""
    rows = LegalText.objects.order_by("kind", "-number").distinct("kind").defer("text")
    newest = {row.kind: row for row in rows}
    return [(kind.value, str(kind.label), newest.get(kind)) for kind in TextKind]


def agreed_counts() -> dict[str, tuple[int, int]]:
    """Return, by kind, how many people agreed to its newest version, and how many people there are. Two queries."""
    everybody = User.objects.count()
    newest = dict(LegalText.objects.order_by().values_list("kind").annotate(Max("number")))
    counted = Consent.objects.order_by().values_list("kind", "number").annotate(Count("user", distinct=True))
    agreed = {(kind, number): count for kind, number, count in counted}
    return {kind: (agreed.get((kind, number), 0), everybody) for kind, number in newest.items()}
