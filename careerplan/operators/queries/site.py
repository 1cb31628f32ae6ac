"""What the page of the site shows beside its form."""

from django.db.models import Count

from accounts.models import Consent
from careerplan.site_settings.models import LegalText, TextKind


def newest_texts() -> list[tuple[str, str, LegalText | None, int]]:
    """Return each kind with its label, its newest version, None where there never was one, and who agreed to it.

    Two queries.
    """
    rows = LegalText.objects.order_by("kind", "-number").distinct("kind").defer("text")
    newest = {row.kind: row for row in rows}
    counted = Consent.objects.order_by().values_list("kind", "number").annotate(Count("user"))
    agreed = {(kind, number): count for kind, number, count in counted}
    found = ((kind, newest.get(kind.value)) for kind in TextKind)
    return [
        (kind.value, str(kind.label), text, agreed.get((kind.value, text.number), 0) if text else 0)
        for kind, text in found
    ]
