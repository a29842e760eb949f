"""Who may call: the rules of `easel serve` (src/server/access.ts). Needs the standard library alone."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping

from easel_ray.api import ApiError

SHORTEST_TOKEN = 8
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether a host, without its port, is this machine and nothing else."""
    return _LOOPBACK.fullmatch(host) is not None


def require_safe_token(token: str | None, *, loopback: bool) -> None:
    """Refuses to serve others without a token.

    Raises:
        ValueError: With what to do.
    """
    if token is None:
        if not loopback:
            raise ValueError(
                "Other machines can reach this server, so a token is required: set EASEL_SERVE_TOKEN."
            )
        return
    if len(token) < SHORTEST_TOKEN:
        raise ValueError(
            f"The token must have at least {SHORTEST_TOKEN} characters, so that nobody guesses it."
        )
    if re.fullmatch(r"[\x21-\x7e]+", token) is None:
        raise ValueError("The token may only have letters, digits and signs of ASCII, and no spaces.")


def require_access(headers: Mapping[str, str], token: str | None) -> None:
    """Requires the token: as Bearer, or as the password of Basic, which AUTOMATIC1111's clients send.

    Without a token, refuses web pages, which could else call this machine from a browser.

    Args:
        headers: with names in lower case.

    Raises:
        ApiError: 401 or 403.
    """
    if token is not None:
        if not _is_equal(_given_token(headers.get("authorization", "")), token):
            message = 'The token is missing or wrong. Send it as "Authorization: Bearer TOKEN".'
            raise ApiError(401, "invalid-api-key", message, headers={"www-authenticate": "Bearer"})
        return
    host = headers.get("host", "")
    if not is_loopback(re.sub(r":\d+$", "", host)):
        message = "This server is called by localhost or 127.0.0.1, and by no other name."
        raise ApiError(403, "unknown-host", message)
    if headers.get("origin", f"http://{host}") != f"http://{host}":
        raise ApiError(403, "unknown-origin", "Web pages of other origins may not call this server.")


def _given_token(authorization: str) -> str:
    scheme, _, value = authorization.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_equal(given: str, token: str) -> bool:
    """In the same time wherever they differ."""
    first, second = (hashlib.sha256(text.encode()).digest() for text in (given, token))
    return hmac.compare_digest(first, second)
