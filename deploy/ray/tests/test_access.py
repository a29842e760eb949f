import base64

import pytest

from easel_ray.access import is_loopback, require_access, require_safe_token
from easel_ray.api import ApiError

TOKEN = "a-token-of-some-length"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("token", "reason"), [(None, "EASEL_SERVE_TOKEN"), ("short", "8"), ("ä" * 9, "ASCII")]
)
def test_others_need_a_token_that_is_not_guessed(token: str | None, reason: str):
    with pytest.raises(ValueError, match=reason):
        require_safe_token(token, loopback=False)


def test_this_machine_may_be_without_one():
    require_safe_token(None, loopback=True)
    require_safe_token(TOKEN, loopback=False)


@pytest.mark.parametrize(
    "given", [f"Bearer {TOKEN}", f"bearer {TOKEN}", basic("any", TOKEN), basic("", TOKEN)]
)
def test_the_token_is_taken(given: str):
    require_access({"authorization": given}, TOKEN)


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer wrong", TOKEN, basic(TOKEN, ""), "Basic !", "Basic /w==", f"Digest {TOKEN}"],
)
def test_anything_else_is_refused(given: str):
    with pytest.raises(ApiError) as refused:
        require_access({"authorization": given}, TOKEN)
    assert (refused.value.status, refused.value.code) == (401, "invalid-api-key")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"host": "evil.example"}, "unknown-host"),
        ({}, "unknown-host"),
        ({"host": "localhost:8000", "origin": "https://evil.example"}, "unknown-origin"),
        ({"host": "localhost:8000", "origin": "null"}, "unknown-origin"),
    ],
)
def test_without_a_token_web_pages_are_refused(headers: dict[str, str], code: str):
    with pytest.raises(ApiError) as refused:
        require_access(headers, None)
    assert (refused.value.status, refused.value.code) == (403, code)


def test_without_a_token_this_machine_is_served():
    require_access({"host": "127.0.0.1:8000"}, None)
    require_access({"host": "localhost:8000", "origin": "http://localhost:8000"}, None)
