"""`make mutants`: take one wall away at a time, and see that the tests which should notice do.

A wall is an owner filter, a CSRF check, an escape, a header, a bound of work or a question for the password. The files
stay as they are: the tests run in a process of their own that loads the changed source (tests/faults/hooks). The exit
code is 1 where a mutant is missed, or where the tests fail without one.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from careerplan.local.processes import ROOT
from tests.faults.world import HOOKS

CALENDAR = "tests/calendar_feed/test_pages.py"
ROUTES, HEADERS = "tests/architecture/test_routes.py", "tests/architecture/test_headers.py"
OBJECTS_OF_OTHERS = f"{ROUTES}::test_objects_of_others_are_not_found_by_any_route"
PASSKEYS, CODES = "tests/accounts/factors/test_passkeys.py", "tests/accounts/factors/test_codes.py"
RECOVERY = "tests/accounts/factors/test_recovery_codes.py"
KEPT, DEVICES = "tests/accounts/test_suspended_posts.py", "tests/accounts/test_signed_in_devices.py"
MENTORS = "tests/mentoring/test_wall.py"
SAME = "tests/accounts/test_enumeration.py"
# The mutants of tests/faults/hooks/mutations.py, each with the tests that must fail.
WALLS: dict[str, str] = {
    "owner-filter": OBJECTS_OF_OTHERS,
    "owner-filter-of-imports": OBJECTS_OF_OTHERS,
    "csrf-check": f"{ROUTES}::test_a_post_without_the_token_is_refused",
    "escape": "tests/core/test_mail.py::test_html_is_escaped_and_text_is_not",
    "formula-escape": "tests/account_data/test_pages.py::test_csv_tables_hold_goals_steps_and_ratings",
    "frame-header": f"{HEADERS}::test_static_file",
    "sniff-header": f"{HEADERS}::test_refused_host",
    "body-deadline": "tests/core/test_buffering.py::test_slow_body_is_refused_and_takes_no_thread",
    "places-of-one-client": "tests/core/test_buffering.py::test_one_client_leaves_places_to_others",
    "upload-bound": "tests/core/test_http.py::test_hundred_megabyte_file_is_refused_with_little_memory",
    "password-before-feed": f"{CALENDAR}::test_making_an_address_asks_for_the_password_and_goes_on",
    "password-before-deletion": "tests/accounts/test_deletion.py::test_request_without_the_password_changes_nothing",
    "password-before-recovery-codes": f"{PASSKEYS}::test_each_change_asks_for_the_password_first",
    "kept-forms-are-encrypted": f"{KEPT}::test_no_field_and_no_header_of_a_kept_form_can_be_read_in_the_session",
    "kept-form-of-the-same-page": f"{KEPT}::test_password_for_something_else_does_not_do_what_was_kept",
    "new-browser-is-mailed": "tests/accounts/test_new_browser.py::test_sign_in_in_a_new_browser_is_mailed_and_logged",
    "each-session-has-a-row": f"{DEVICES}::test_session_without_a_row_gets_one_with_its_next_page",
    "same-work-for-known-addresses": f"{SAME}::test_known_and_unknown_addresses_cost_the_same_statements",
    "owner-filter-of-passkeys": OBJECTS_OF_OTHERS,
    "shared-with-this-mentor": f"{MENTORS}::test_everyone_at_every_address_of_mentors",
    "mentorship-is-live": f"{MENTORS}::test_everyone_at_every_address_of_mentors",
    "session-of-this-mentorship": f"{MENTORS}::test_everyone_at_every_address_of_mentors",
    "vision-only-where-shared": f"{MENTORS}::test_only_ticked_parts_are_there",
    "passkey-checks-its-user": f"{PASSKEYS}::test_a_challenge_of_the_second_step_does_not_let_an_unverified_passkey_in",
    "passkey-signs-in-alone": f"{PASSKEYS}::test_a_plain_security_key_is_a_second_step_only",
    "app-code-works-once": f"{CODES}::test_a_code_works_once",
    "guesses-of-codes": f"{CODES}::test_five_wrong_codes_are_enough_for_a_while",
    "recovery-codes-shown-once": f"{RECOVERY}::test_recovery_codes_are_shown_until_they_are_saved_and_then_never",
    "address-in-stop-link": "tests/reminders/test_views.py::test_stop_link_is_void_after_a_change_of_address",
    "texts-beside-statements": "tests/core/test_database.py::test_what_is_written_is_bound_on_the_server",
    "mail-key": "tests/local/test_mail_pages.py::test_no_page_without_the_key",
}
PASSED, FAILED = 0, 1  # of pytest; any other code is an error of the run itself


def run_tests(tests: Sequence[str], mutant: str = "") -> int:
    """Run tests, with a mutant if one is named; return the exit code of pytest."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "FAULT_MUTANT": mutant, "PYTHONPATH": str(HOOKS)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of {', '.join(WALLS)}; none: all")
    names = parser.parse_args(given).names or list(WALLS)
    if unknown := [name for name in names if name not in WALLS]:
        parser.error(f"there is no mutant {unknown[0]}")
    if run_tests(sorted({WALLS[name] for name in names})) != PASSED:
        print("The tests fail without a mutant: nothing can be said.", file=sys.stderr)
        return 1
    missed = 0
    for name in names:
        code = run_tests([WALLS[name]], name)
        verdict = {FAILED: "caught", PASSED: "MISSED"}.get(code, f"DID NOT RUN ({code})")
        missed += code != FAILED
        print(f"{name:25} {verdict:8} {WALLS[name]}", flush=True)
    print(f"{len(names)} mutants, {len(names) - missed} caught, {missed} missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
