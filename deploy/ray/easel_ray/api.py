"""What requests mean to the router, and the form of its errors. Needs the standard library alone."""

import json
import secrets
from collections.abc import Mapping

DRAWING = frozenset(
    {
        "/v1/images/generations",
        "/v1/images/edits",
        "/v1/images/variations",
        "/sdapi/v1/txt2img",
        "/sdapi/v1/img2img",
        "/sdapi/v1/extra-single-image",
        "/sdapi/v1/extra-batch-images",
        "/controlnet/detect",
    }
)

_ONE_JOB = "it is about the one job that draws, and here several replicas draw at once"
_REFUSED = {
    ("GET", "/sdapi/v1/progress"): f"{_ONE_JOB}. Use stream with partial_images of /v1/images/generations",
    ("POST", "/sdapi/v1/interrupt"): f"{_ONE_JOB}. Close the connection of a request to cancel it",
    ("POST", "/sdapi/v1/skip"): f"{_ONE_JOB}. Close the connection of a request to cancel it",
    (
        "POST",
        "/sdapi/v1/options",
    ): "it would change one replica alone. Name the model in each request, in override_settings",
}
LINKS = "/v1/images/files/"
_NO_LINKS = "a link leads to the memory of one replica. Use b64_json"

# Codes of `easel serve` for a drawing that ended with the engine, and not by the fault of the request.
_GONE = frozenset({"engine-crashed", "stopping"})


class ApiError(Exception):
    """An error of the router, which is answered in the form of the API that was called."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = dict(headers or {})

    def body(self, path: str) -> bytes:
        """The JSON of the answer: OpenAI's form, or AUTOMATIC1111's for its paths."""
        if path.startswith(("/sdapi/", "/controlnet/")):
            answer = {"error": self.code, "detail": self.message, "body": "", "errors": self.message}
            return json.dumps(answer).encode()
        kinds = {401: "authentication_error", 429: "rate_limit_error"}
        other = "server_error" if self.status >= 500 else "invalid_request_error"
        kind = kinds.get(self.status, other)
        error = {"message": self.message, "type": kind, "param": self.field, "code": self.code}
        return json.dumps({"error": error}).encode()


def refuse_what_one_server_has(method: str, path: str) -> None:
    """Refuses routes whose answer depends on the replica that gives it.

    Raises:
        ApiError: 501, with what to do instead.
    """
    reason = _NO_LINKS if path.startswith(LINKS) else _REFUSED.get((method, path))
    if reason:
        # OpenAI's clients send a request again after statuses from 500 on, unless they are told.
        raise ApiError(
            501, "one-server-only", f"{method} {path}: {reason}.", headers={"x-should-retry": "false"}
        )


def described(openapi: bytes) -> bytes:
    """The description of `easel serve`, without the routes that are refused here."""
    document = json.loads(openapi)
    for path, methods in list(document["paths"].items()):
        for method in list(methods):
            if (method.upper(), path) in _REFUSED or path.startswith(LINKS):
                del methods[method]
        if not methods:
            del document["paths"][path]
    return json.dumps(document).encode()


def refuse_links(fields: Mapping[str, object]) -> None:
    """Refuses `response_format: url`.

    Raises:
        ApiError: 400, which names the field.
    """
    if fields.get("response_format") == "url":
        message = f"response_format: url is not possible with several replicas: {_NO_LINKS}."
        raise ApiError(400, "one-server-only", message, field="response_format")


def json_fields(body: bytes) -> dict[str, object]:
    """The fields of a JSON body; none where it is damaged, which the replica says better."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def with_seed(body: bytes, fields: Mapping[str, object], boundary: str | None) -> bytes:
    """The body with a seed, if it has none: a stream that is drawn again continues with the same images.

    Args:
        boundary: of a form (multipart/form-data); None for JSON.
    """
    if not fields or fields.get("seed") not in (None, ""):
        return body
    seed = secrets.randbelow(2**32)
    if boundary is None:
        return json.dumps({**fields, "seed": seed}).encode()
    part = f'--{boundary}\r\ncontent-disposition: form-data; name="seed"\r\n\r\n{seed}\r\n'
    return part.encode() + body


def says_gone(status: int, body: bytes) -> bool:
    """Whether an answer of `easel serve` says that its engine ended while it drew, or that it stops."""
    return status == 503 and _code(json_fields(body)) in _GONE


def event_says_gone(event: bytes) -> bool:
    """The same of a server-sent event."""
    if not event.startswith(b"event: error"):
        return False
    return _code(json_fields(event.partition(b"data: ")[2])) in _GONE


def _code(fields: Mapping[str, object]) -> object:
    error = fields.get("error")
    return error.get("code") if isinstance(error, dict) else error
