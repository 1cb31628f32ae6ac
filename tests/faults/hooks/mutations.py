"""What is broken in each mutant: a module, and how."""


def replace(module, name, old, new):
    """Change a text of a module; fails loudly where there is nothing to change."""
    text = getattr(module, name)
    if old not in text:
        raise RuntimeError(f"the mutant has nothing to change in {module.__name__}.{name}: {old!r}")
    setattr(module, name, text.replace(old, new))


def no_conflict(statements):
    """Beside the constraints that the run drops: nothing else may decide what happens once."""
    start = statements.CREATE_DUE_REMINDERS.index("ON CONFLICT (user_id, local_date)")
    end = statements.CREATE_DUE_REMINDERS.index("RETURNING id, user_id")
    statements.CREATE_DUE_REMINDERS = statements.CREATE_DUE_REMINDERS[:start] + statements.CREATE_DUE_REMINDERS[end:]


def no_turns(services):
    """All sweeps look at the same people at once."""
    services._lock_due_users = lambda as_of: list(services.User.objects.values_list("pk", flat=True))


def mark_first(delivery):
    """Recorded as sent before the mail server hears of it."""

    def send_one(self, digest, smtp):
        found = self._prepare(digest)
        if found is None:
            return
        content, mail = found
        delivery.claims.record_sent(
            digest, sent_at=self.clock(), subject=mail.subject, smtp_response="", obsolete_ids=content.obsolete_ids
        )
        smtp.deliver(mail.sender, mail.recipient, mail.content)

    delivery._Batch._send_one = send_one


def no_fence(claims):
    """Whoever was at a digest once may go on with it, whoever took it over."""
    for name in ("BEGIN", "RECORD_OUTCOME", "RECORD_AND_DELETE"):
        replace(claims, name, " AND claim_token = %(claim_token)s", "")


def no_recheck(owed):
    """What was owed when it was made is sent, whatever happened since."""
    right = owed.load_digest_rows
    owed.load_digest_rows = lambda digests: [
        row._replace(is_valid=row.reminder_id is not None) for row in right(digests)
    ]


def no_owner_when_made(statements):
    """A reminder may land in anybody's digest, and nobody looks when it is read."""
    join = "LEFT JOIN digest ON digest.user_id = owed.user_id AND owed.channel = 'mail'"
    replace(statements, "CREATE_DUE_REMINDERS", join, "LEFT JOIN digest ON owed.channel = 'mail'")
    replace(statements, "DIGEST_CONTENTS", " AND reminder.user_id = digest.user_id", "")
    whose = "coalesce(plan.user_id, assessment.user_id, reviewed.user_id, of_chance.user_id) = digest.user_id"
    replace(statements, "DIGEST_CONTENTS", whose, "true")


HERE = "careerplan.reminders"
MUTATIONS = {
    "no-constraint": [(f"{HERE}.statements", no_conflict), (f"{HERE}.services", no_turns)],
    "mark-first": [(f"{HERE}.delivery", mark_first)],
    "no-fence": [(f"{HERE}.claims", no_fence)],
    "no-recheck": [(f"{HERE}.queries.digest_rows", no_recheck)],
    "no-owner": [(f"{HERE}.statements", no_owner_when_made)],
}
