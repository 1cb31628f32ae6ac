"""What is broken in each mutant: a module, and how: a function that changes it, or an edit of its source."""


class Edit:
    """A part of a module's source, and what stands there in the mutant."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def __call__(self, source):
        """Return the changed source; fails loudly where the part is not there exactly once."""
        if source.count(self.old) != 1:
            raise RuntimeError(f"the mutant has nothing to change, or several places: {self.old!r}")
        return source.replace(self.old, self.new)


def replace(module, name, old, new):
    """Change a text of a module; fails loudly where there is nothing to change."""
    text = getattr(module, name)
    if old not in text:
        raise RuntimeError(f"the mutant has nothing to change in {module.__name__}.{name}: {old!r}")
    setattr(module, name, text.replace(old, new))


def no_conflict(services):
    """Insert digests without looking for a conflict, beside the constraints that the run drops."""
    start = services.CREATE_DUE_REMINDERS.index("ON CONFLICT (user_id, local_date, occurrence)")
    end = services.CREATE_DUE_REMINDERS.index("RETURNING id, user_id")
    services.CREATE_DUE_REMINDERS = services.CREATE_DUE_REMINDERS[:start] + services.CREATE_DUE_REMINDERS[end:]


def no_schedule_lock(services):
    """Let all scheduler runs check the same people at once."""
    services._lock_due_users = lambda as_of: list(services.User.objects.values_list("pk", flat=True))


def mark_first(delivery):
    """Record mails as sent before the mail server hears of them."""

    def send_one(self, digest, smtp):
        found = self._prepare(digest)
        if found is None:
            return
        content, mail = found
        delivery.claims.record_sent(
            delivery.DeliveredDigest(
                digest, self.clock(), mail.subject, smtp_response="", obsolete_ids=content.obsolete_ids
            )
        )
        smtp.deliver(mail.sender, mail.recipient, mail.content)

    delivery._Batch._send_one = send_one


def mark_first_of_letters(delivery):
    """Record emails about mentorships as sent before the mail server hears of them."""

    def send_one(email, smtp, *, clock):
        message = delivery._prepare(email, now=clock())
        if message is not None:
            delivery.claims.record(email, delivery.State.SENT, sent_at=clock())
            smtp.deliver("sender@example.org", message.to[0], message.message().as_bytes())

    delivery._send_one = send_one


def no_recheck_of_letters(delivery):
    """Send emails about mentorships to whoever they were owed to, stopped or not."""
    delivery.address_for = lambda email: (
        email.mentorship.email if email.recipient == "mentor" else email.mentorship.owner.email
    )


def no_fence(claims):
    """Let a sender continue with a digest that another one took over."""
    for name in ("START_ATTEMPT", "RECORD_OUTCOME", "RECORD_AND_DELETE", "RECORD_AND_START"):
        replace(claims, name, " AND claim_token = %(claim_token)s", "")


def no_recheck(digests):
    """Send every reminder of a digest, whatever has changed since it was created."""
    load_digest_rows = digests.load_digest_rows
    digests.load_digest_rows = lambda ids: [
        row._replace(is_valid=row.reminder_id is not None) for row in load_digest_rows(ids)
    ]


def no_owner_at_creation(services):
    """Put a reminder into any digest."""
    join = "LEFT JOIN digest ON digest.user_id = due.user_id AND due.channel = 'mail'"
    replace(services, "CREATE_DUE_REMINDERS", join, "LEFT JOIN digest ON due.channel = 'mail'")


def no_owner_at_sending(digests):
    """Do not compare owners when a digest is read."""
    replace(digests, "DIGEST_CONTENTS", " AND reminder.user_id = digest.user_id", "")
    owner = (
        "coalesce(plan.user_id, assessment.user_id, reviewed_plan.user_id, opportunity_plan.user_id) = digest.user_id"
    )
    replace(digests, "DIGEST_CONTENTS", owner, "true")


HERE = "careerplan.reminders"
CSRF_EXEMPT = "__import__('django.views.decorators.csrf').views.decorators.csrf.csrf_exempt"
MUTATIONS = {
    "no-constraint": [(f"{HERE}.services", no_conflict), (f"{HERE}.services", no_schedule_lock)],
    "mark-first": [(f"{HERE}.delivery", mark_first)],
    "no-fence": [(f"{HERE}.claims", no_fence)],
    "no-recheck": [(f"{HERE}.queries.digests", no_recheck)],
    "letters-mark-first": [("careerplan.mentoring.delivery", mark_first_of_letters)],
    "letters-no-recheck": [("careerplan.mentoring.delivery", no_recheck_of_letters)],
    "no-owner": [(f"{HERE}.services", no_owner_at_creation), (f"{HERE}.queries.digests", no_owner_at_sending)],
    # The walls (tests/mutants.py): each takes one away.
    "owner-filter": [
        ("careerplan.goals.views.shortcuts", Edit("Goal.objects.for_user(request.user)", "Goal.objects")),
    ],
    "owner-filter-of-imports": [
        (
            "careerplan.account_data.views",
            Edit(
                "record = get_object_or_404(queries.undoable_imports(request.user, timezone.now()), pk=pk)",
                "record = get_object_or_404(queries.DataImport, pk=pk)",
            ),
        ),
    ],
    "csrf-check": [
        (
            "careerplan.goals.views.steps",
            Edit(
                "def step_drop(",
                "@__import__('django.views.decorators.csrf').views.decorators.csrf.csrf_exempt\ndef step_drop(",
            ),
        ),
    ],
    "escape": [
        ("careerplan.core.mail", Edit('enabled_extensions=("html",)', "enabled_extensions=()")),
    ],
    "formula-escape": [
        ("careerplan.account_data.partial_exports", Edit("escape_formula(value)) for value", "value) for value")),
    ],
    "frame-header": [
        ("careerplan.settings", Edit('        "frame-ancestors": [NONE],\n', "")),
    ],
    "sniff-header": [
        ("careerplan.core.http", Edit('    "X-Content-Type-Options": "nosniff",\n', "")),
    ],
    "body-deadline": [
        ("careerplan.core.buffering", Edit("_next(receive, min(allowed, BODY_SECONDS))", "_next(receive, 60)")),
    ],
    "places-of-one-client": [
        (
            "careerplan.core.buffering",
            Edit(
                "LARGE_OF_ONE_CLIENT, WAITING_OF_ONE_CLIENT = 2, 8",
                "LARGE_OF_ONE_CLIENT, WAITING_OF_ONE_CLIENT = 99, 99",
            ),
        ),
    ],
    "upload-bound": [
        ("careerplan.core.http", Edit("if self._request_bytes > settings.MAX_UPLOAD_BYTES + FORM_BYTES:", "if False:")),
        ("careerplan.core.http", Edit("if self._file_bytes > settings.MAX_UPLOAD_BYTES:", "if False:")),
    ],
    "password-before-feed": [
        (
            "careerplan.calendar_feed.views",
            Edit(
                "@reauthentication_required\n@retry_when_stale\ndef make_address", "@retry_when_stale\ndef make_address"
            ),
        ),
    ],
    "password-before-deletion": [
        ("accounts.views", Edit("@reauthentication_required\ndef request_deletion", "def request_deletion")),
    ],
    "password-before-recovery-codes": [
        (
            "accounts.factors.views",
            Edit('@reauthentication_required(app="allauth.mfa")\ndef save_recovery_codes', "def save_recovery_codes"),
        ),
    ],
    "kept-forms-are-encrypted": [
        ("careerplan.settings", Edit('    "accounts.middleware.ReauthenticationMiddleware",\n', "")),
    ],
    "kept-form-of-the-same-page": [
        ("accounts.suspended_posts", Edit(' and kept["path"] == page', "")),
    ],
    "new-browser-is-mailed": [
        ("accounts.receivers", Edit("or attempts.is_known_to(request, user):", "or user:")),
    ],
    "each-session-has-a-row": [
        ("accounts.middleware", Edit("elif not session_rows.has_row(request):", "elif False:")),
    ],
    "same-work-for-known-addresses": [
        ("accounts.forms", Edit("self._read_back(self.save(request))", "self.save(request)")),
    ],
    "shared-with-this-mentor": [
        ("careerplan.mentoring.mentor.queries", Edit("shared_with__mentorship=mentorship, ", "")),
    ],
    "mentorship-is-live": [
        (
            "careerplan.mentoring.mentor.access",
            Edit("Mentorship.objects.live(now).select_related", "Mentorship.objects.select_related"),
        ),
    ],
    "session-of-this-mentorship": [
        (
            "careerplan.mentoring.mentor.access",
            Edit(".filter(may_see, key=key).distinct()", ".filter(key=key).distinct()"),
        ),
    ],
    "vision-only-where-shared": [
        ("careerplan.mentoring.mentor.queries", Edit("if not mentorship.shows_vision:", "if False:")),
    ],
    "owner-filter-of-passkeys": [
        (
            "accounts.factors.views",
            Edit("user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN, pk=kwargs", "pk=kwargs"),
        ),
    ],
    "passkey-checks-its-user": [
        (
            "accounts.factors.passkey_forms",
            Edit("(is_verified and signs_in_alone(passkey))", "signs_in_alone(passkey)"),
        ),
    ],
    "passkey-signs-in-alone": [
        ("accounts.factors.passkey_forms", Edit("(is_verified and signs_in_alone(passkey))", "is_verified")),
    ],
    "app-code-works-once": [
        ("accounts.factors.codes", Edit("return bool(cache.add(", "return bool(1 or cache.add(")),
    ],
    "guesses-of-codes": [
        ("accounts.factors.code_forms", Edit("if not limits.use_attempt(request, self.user):", "if False:")),
    ],
    "recovery-codes-shown-once": [
        ("accounts.factors.views", Edit("        del request.session[SHOWN_CODES]\n", "")),
    ],
    "address-in-stop-link": [
        (
            "careerplan.reminders.email_actions.links",
            Edit('unsign(f"{_signed(head, address)}:{signature}")', "key"),
        ),
    ],
    "texts-beside-statements": [
        (
            "careerplan.core.postgresql.cursor",
            Edit("if params and isinstance(query, str) else None", "if None else None"),
        ),
    ],
    "mail-key": [
        ("careerplan.urls", Edit('f"local/{settings.LOCAL_MAIL_KEY}/"', '"local/"')),
    ],
}
