"""What clients call: checks a request, asks a replica, and another one where that ends."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator
from email.message import Message
from math import ceil

from ray import serve
from ray.exceptions import RayActorError
from ray.serve.exceptions import BackPressureError
from ray.serve.handle import DeploymentHandle
from ray.util.metrics import Counter
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from easel_ray import api
from easel_ray.access import require_access, require_safe_token
from easel_ray.api import ApiError
from easel_ray.events import EngineGone, Events
from easel_ray.replica import Asked, Head

logger = logging.getLogger("ray.serve")

# Before another replica is asked. Longer each time: Ray has to notice what ended, and to start a new one.
PAUSE_SECONDS = (0.5, 2, 5)
# After so many, the request is seen as the reason why engines end.
ATTEMPTS = len(PAUSE_SECONDS) + 1
STATUS_SECONDS = 1.0
# Told to wait before anything was drawn.
FIRST_ESTIMATE = 5.0
# OpenAI's clients send a request again after statuses from 500 on, unless they are told.
NO_RETRY = {"x-should-retry": "false"}


class Router:
    """The ingress of the application."""

    def __init__(
        self, engine: DeploymentHandle, lists: DeploymentHandle, max_body_bytes: int, loopback: bool
    ) -> None:
        """
        Args:
            engine: draws.
            lists: answers everything else, also while all engines draw.

        Raises:
            ValueError: There is no token, and others can reach this server.
        """
        self._token = os.environ.get("EASEL_SERVE_TOKEN") or None
        require_safe_token(self._token, loopback=loopback)
        self._engine = engine.options(stream=True)
        self._lists = lists.options(stream=True)
        self._max_body_bytes = max_body_bytes
        self._seconds = FIRST_ESTIMATE
        self._states: tuple[float, dict[str, int]] = (-STATUS_SECONDS, {})
        self._answers = Counter(
            "easel_drawings", "Requests that draw, by route and status.", tag_keys=("route", "status")
        )
        self._asked_again = Counter(
            "easel_asked_again", "Requests that another replica drew, because the first one ended."
        )

    async def __call__(self, request: Request) -> Response:
        path = request.url.path
        try:
            response = await self._answer(request, path)
        except ApiError as error:
            response = _error_response(error, path)
        except Exception:
            logger.exception("internal error")
            message = "There was an error in the router. Its log says more."
            response = _error_response(ApiError(500, "internal", message, headers=NO_RETRY), path)
        if path in api.DRAWING:
            self._answers.inc(tags={"route": path, "status": str(response.status_code)})
        return response

    async def _answer(self, request: Request, path: str) -> Response:
        if path == "/health" and request.method == "GET":
            return await self._health()
        require_access(request.headers, self._token)
        if path == "/metrics" and request.method == "GET":
            return await self._metrics()
        api.refuse_what_one_server_has(request.method, path)
        draws = path in api.DRAWING and request.method == "POST"
        body = await self._read(request)
        if draws:
            body = await _prepared(request, body)
        # As it was sent: an id of a model can have an encoded slash.
        target = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        asked = Asked(request.method, f"{target}?{query}" if query else target, dict(request.headers), body)
        answer = self._ask(self._engine if draws else self._lists, asked)
        head = await anext(answer)
        if head.is_stream:
            return StreamingResponse(answer, head.status, head.headers)
        content = b"".join([part async for part in answer])
        if path == "/openapi.json" and head.status == 200:
            content = api.described(content)
        return Response(content, head.status, head.headers)

    async def _read(self, request: Request) -> bytes:
        most = self._max_body_bytes
        error = ApiError(413, "body-too-large", f"The body may have at most {most >> 20} MiB.")
        if int(request.headers.get("content-length", 0)) > most:
            raise error
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise error
        return bytes(body)

    async def _ask(self, replicas: DeploymentHandle, asked: Asked) -> AsyncGenerator:
        """Yields the head of the answer, then its bytes.

        An answer without a stream is held back until it is whole, so that it can be asked for again. A stream
        is continued: its client gets each image once.

        Raises:
            ApiError: 429 where the queue is full; 503 where each replica that was asked ended.
        """
        events: Events | None = None
        attempt = 1
        while attempt <= ATTEMPTS:
            started = time.monotonic()
            answer = replicas.ask.remote(asked)
            try:
                head: Head = await anext(answer)
                if head.is_stream:
                    if events is None:
                        events = Events()
                        yield head
                    events.begin()
                    async for chunk in answer:
                        for event in events.feed(chunk):
                            yield event
                    self._learn(started)
                    return
                body = b"".join([part async for part in answer])
                if api.says_gone(head.status, body):
                    raise EngineGone("The engine ended while it drew.")
                if events is None:
                    yield head
                    yield body
                else:  # the status was sent, so the error is an event
                    yield _error_event(body)
                self._learn(started)
                return
            except BackPressureError as full:
                if attempt == 1:
                    raise self._full(full) from None
                # It was taken before, so it is not refused now.
                await asyncio.sleep(PAUSE_SECONDS[0])
                continue
            except (EngineGone, RayActorError):
                self._asked_again.inc()
            except (asyncio.CancelledError, GeneratorExit):
                # The client has gone.
                answer.cancel()
                raise
            if attempt < ATTEMPTS:
                await asyncio.sleep(PAUSE_SECONDS[attempt - 1])
            attempt += 1
        error = ApiError(
            *(503, "engine-crashed", f"The engines of {ATTEMPTS} replicas ended while they drew this."),
            headers=NO_RETRY,
        )
        if events is None:
            raise error
        yield _error_event(error.body(asked.target))

    def _learn(self, started: float) -> None:
        self._seconds += 0.2 * (time.monotonic() - started - self._seconds)

    def _full(self, error: BackPressureError) -> ApiError:
        seconds = max(1, ceil(self._seconds))
        return ApiError(
            429,
            "queue-full",
            f"All replicas draw, and no more requests may wait. Try again in about {seconds} s.",
            headers={"retry-after": str(seconds)},
        )

    async def _health(self) -> Response:
        states = await self._replicas()
        running = states.get("RUNNING", 0)
        status = "ok" if running else "no replica runs"
        return JSONResponse({"status": status, "replicas": states}, 200 if running else 503)

    async def _metrics(self) -> Response:
        lines = ["# HELP easel_replicas Replicas that draw, by their state.", "# TYPE easel_replicas gauge"]
        states = {"RUNNING": 0, **await self._replicas()}
        lines += [f'easel_replicas{{state="{state}"}} {count}' for state, count in states.items()]
        return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")

    async def _replicas(self) -> dict[str, int]:
        """How many replicas that draw are in which state, as Ray's controller says, at most a second old."""
        asked_at, states = self._states
        if time.monotonic() - asked_at >= STATUS_SECONDS:
            status = await asyncio.to_thread(serve.status)
            app = status.applications[serve.get_replica_context().app_name]
            states = {str(state): n for state, n in app.deployments["engine"].replica_states.items()}
            self._states = (time.monotonic(), states)
        return states


async def _prepared(request: Request, body: bytes) -> bytes:
    """The body of a request that draws, with a seed for a stream, and with nothing refused."""
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    is_form = kind.get_content_type() == "multipart/form-data"
    fields = await _form_fields(request, body) if is_form else api.json_fields(body)
    api.refuse_links(fields)
    if fields.get("stream") not in (True, "true", "True", "1"):
        return body
    return api.with_seed(body, fields, str(kind.get_param("boundary")) if is_form else None)


async def _form_fields(request: Request, body: bytes) -> dict[str, object]:
    """The texts of a form; none where it is damaged, which the replica says better."""

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, receive).form() as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    except MultiPartException:
        return {}


def _error_response(error: ApiError, path: str) -> Response:
    return Response(error.body(path), error.status, error.headers, media_type="application/json")


def _error_event(body: bytes) -> bytes:
    return b"event: error\ndata: " + body.replace(b"{", b'{"type": "error", ', 1) + b"\n\n"
