"""Check a running web process: `python -m careerplan.core.healthcheck URL`; exit code 0 means healthy.

For containers, which have no curl. The request names the host of BASE_URL, which Django accepts.
"""

import os
import sys
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


def is_healthy(url: str, host: str) -> bool:
    """Return whether the page answers 200 within 3 seconds."""
    request = Request(url, headers={"Host": host, "X-Forwarded-Proto": "https"})  # noqa: S310  (the operator's own URL)
    try:
        with urlopen(request, timeout=3) as response:  # noqa: S310
            return bool(response.status == 200)
    except OSError:
        return False


def base_host() -> str:
    """Return the host of BASE_URL."""
    return urlsplit(os.environ["BASE_URL"]).netloc


if __name__ == "__main__":
    sys.exit(0 if is_healthy(sys.argv[1], base_host()) else 1)
