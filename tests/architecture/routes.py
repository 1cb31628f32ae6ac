"""Every route of the product, classified. A route that is not here fails the tests."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# Reached without signing in.
PUBLIC = {
    "health",
    "alive",
    "metrics",
    "dashboard:front",
    "dashboard:privacy",
    "robots",
    "explore:index",
    "explore:field",
    "explore:occupation",
    "explore:tryout",
    "skills:occupations",
    "sitemap",
    "reminders:stop",
    "email_action:done",
    "email_action:week",
    "email_action:stuck",
    "email_action:let-go",
    "email_action:confirm",
    "email_action:worth",
    "account_data:schema",
    "calendar_feed:feed",
    "accounts:restart",
    "accounts:recovery-code",
    "accounts:sign-in-restart",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Public, and nothing but a key opens them: in the address, or beside it.
BY_KEY = {"metrics"}
BY_SIGNED_LINK = {name for name in PUBLIC if name.startswith("email_action:")}
BY_SIGNED_LINK |= {"reminders:stop", "calendar_feed:feed"}
# Only where `make run` shows the mails it caught; never on a server.
LOCAL_ONLY_PREFIX = "local:"
# One object of a user: the name of the fixture that makes one, and how to name it in the address.
OBJECT_ROUTES = {
    "goals:detail": "goal",
    "goals:step-new": "goal",
    "goals:edit": "goal",
    "goals:reached": "goal",
    "goals:partly-reached": "goal",
    "goals:let-go": "goal",
    "goals:reopen": "goal",
    "goals:move": "goal",
    "goals:stop-rule-confirm": "goal",
    "goals:stop-rule-later": "goal",
    "goals:delete": "goal",
    "goals:record": "goal",
    "goals:progress": "goal",
    "goals:entry-remove": "entry",
    "goals:entry-restore": "entry",
    "goals:step-edit": "step",
    "goals:steps-order": "goal",
    "goals:step-start": "step",
    "goals:step-earlier": "step",
    "goals:step-later": "step",
    "goals:step-evaluate": "step",
    "goals:resource-state": "resource",
    "goals:step-drop": "step",
    "goals:step-complete": "step",
    "goals:step-reopen": "step",
    "plans:earlier-plan": "archived_plan",
    "plan_document:page": "archived_plan",
    "plan_document:pdf": "archived_plan",
    "plan_document:word": "archived_plan",
    "reminders:goal": "goal",
    "skills:result": "assessment",
    "reviews:detail": "review",
    "opportunities:detail": "opportunity",
    "opportunities:edit": "opportunity",
    "opportunities:weigh": "opportunity",
    "opportunities:skills": "opportunity",
    "opportunities:advert": "opportunity",
    "opportunities:pursue": "opportunity",
    "opportunities:decline": "opportunity",
    "opportunities:won": "opportunity",
    "opportunities:lost": "opportunity",
    "opportunities:reopen": "opportunity",
    "opportunities:look-back": "opportunity",
    "opportunities:delete": "opportunity",
    "skills:own": "own_skill",
    "skills:own-delete": "own_skill",
    "account_data:file": "data_file",
    "account_data:import-record": "data_import",
    "account_data:import-undo": "data_import",
    "mfa_edit_webauthn": "passkey",
    "mfa_remove_webauthn": "passkey",
}
# Own pages without an object in the address.
OWN = {
    "dashboard:today",
    "goals:first",
    "goals:list",
    "goals:new",
    "goals:needed",
    "goals:evaluations",
    "goals:steps-similar",
    "goals:title-advice",
    "plans:plan",
    "plans:edit",
    "plans:pause",
    "plans:pause-end",
    "plans:catch-up",
    "plans:new-plan",
    "plans:earlier-plans",
    "plans:snapshot",
    "plans:change-log",
    "plan_document:own",
    "skills:home",
    "skills:start",
    "skills:continue",
    "skills:page",
    "explore:keep",
    "skills:finish",
    "skills:interests",
    "skills:discard",
    "skills:results",
    "skills:target",
    "opportunities:list",
    "opportunities:new",
    "opportunities:compare",
    "opportunities:criteria",
    "reviews:list",
    "reviews:schedule",
    "reviews:start",
    "reviews:continue",
    "reviews:goal",
    "reviews:overall",
    "reviews:finish",
    "reminders:settings",
    "reminders:address-again",
    "reminders:keep",
    "reminders:upcoming",
    "reminders:sent",
    "reminders:notifications",
    "reminders:notifications-seen",
    "accounts:profile",
    "accounts:appearance",
    "accounts:delete",
    "accounts:delete-request",
    "accounts:delete-now",
    "accounts:delete-cancel",
    "calendar_feed:home",
    "calendar_feed:download",
    "calendar_feed:address-new",
    "calendar_feed:address-stop",
    "account_data:home",
    "account_data:download",
    "account_data:csv-tables",
    "account_data:json-resume",
    "account_data:file-request",
    "account_data:import",
    "account_data:import-finish",
    "account_data:import-discard",
    "imports:cv",
    "imports:cv-select",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "accounts:security",
    "accounts:password-remove",
    "mfa_index",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
# State changes: POST only.
POST_ONLY = {
    "reminders:keep",
    "reminders:address-again",
    "reminders:goal",
    "reminders:notifications-seen",
    "goals:stop-rule-confirm",
    "plans:pause-end",
    "skills:finish",
    "skills:interests",
    "goals:reopen",
    "goals:entry-remove",
    "goals:entry-restore",
    "goals:step-drop",
    "goals:step-start",
    "goals:step-earlier",
    "goals:step-later",
    "goals:resource-state",
    "goals:step-complete",
    "goals:step-reopen",
    "skills:target",
    "reviews:start",
    "reviews:finish",
    "opportunities:won",
    "opportunities:lost",
    "opportunities:reopen",
    "accounts:delete-request",
    "accounts:delete-now",
    "accounts:delete-cancel",
    "account_data:file-request",
    "account_data:import-finish",
    "account_data:import-discard",
    "account_data:import-undo",
    "calendar_feed:address-new",
    "calendar_feed:address-stop",
}
CSRF_EXEMPT = {"reminders:stop"}


@dataclass(frozen=True)
class Route:
    """One address pattern with its full name."""

    name: str
    pattern: URLPattern


def all_routes() -> list[Route]:
    """Every route below the root, local ones left out."""
    return [route for route in _walk(get_resolver(), "") if not route.name.startswith(LOCAL_ONLY_PREFIX)]


def _walk(resolver: URLResolver, prefix: str) -> list[Route]:
    found: list[Route] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{entry.namespace}:" if entry.namespace else ""
            found.extend(_walk(entry, prefix + space))
        else:
            found.append(Route(f"{prefix}{entry.name}", entry))
    return found
