"""The headers that every answer carries."""

from typing import Any

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REFERRER = {"same-origin", "strict-origin", "no-referrer"}
POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")


def check_headers(headers: Any) -> None:
    """Fail where an answer may be framed, sniffed, kept by others or run what is not ours."""
    assert {name: headers.get(name) for name in FIXED} == FIXED
    assert headers["Referrer-Policy"] in REFERRER
    assert headers["Cache-Control"]
    policy = headers["Content-Security-Policy"]
    assert [part for part in POLICY if part not in policy] == []
    assert "unsafe" not in policy
