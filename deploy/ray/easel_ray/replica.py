"""One replica: one `easel serve`, and so one engine."""

import os
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import aiohttp

from easel_ray.child import Child, find_easel
from easel_ray.events import EngineGone

_SENT = ("content-type", "accept")
_ANSWERED = ("content-type", "cache-control", "retry-after", "x-should-retry", "x-request-id")
_HEALTH_SECONDS = 10


@dataclass(frozen=True)
class Asked:
    """A request as it goes to a replica."""

    method: str
    target: str  # path and query
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Head:
    """The beginning of an answer."""

    status: int
    headers: dict[str, str]

    @property
    def is_stream(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/event-stream")


class Replica:
    """Forwards requests to its child. It ends with it, so that Ray starts another one."""

    def __init__(self, command: str | None, options: Sequence[str]) -> None:
        # The actor as a whole: no request waits for a replica that cannot draw.
        self._child = Child(find_easel(command), options, on_end=lambda: os._exit(1))
        self._opened: aiohttp.ClientSession | None = None

    async def ask(self, asked: Asked) -> AsyncGenerator[Head | bytes, None]:
        """Yields the head of the answer, then its bytes. Cancelling it cancels the drawing.

        Raises:
            EngineGone: The child ended.
        """
        headers = {name: value for name, value in asked.headers.items() if name in _SENT}
        try:
            async with self._session.request(
                asked.method,
                f"{self._child.address}{asked.target}",
                headers=headers,
                data=asked.body or None,
            ) as answer:
                kept = {name: answer.headers[name] for name in _ANSWERED if name in answer.headers}
                head = Head(answer.status, kept)
                yield head
                if head.is_stream:
                    async for chunk in answer.content.iter_any():
                        yield chunk
                else:
                    yield await answer.read()
        except aiohttp.ClientError as error:
            raise EngineGone(f"The server of this replica ended: {error}") from None

    async def check_health(self) -> None:
        """Asked by Ray, which replaces the replica where this fails."""
        timeout = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
        async with self._session.get(f"{self._child.address}/health", timeout=timeout) as answer:
            answer.raise_for_status()

    @property
    def _session(self) -> aiohttp.ClientSession:
        # Belongs to the event loop, which does not run yet when the replica is made.
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                headers={"authorization": f"Bearer {self._child.token}"},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_HEALTH_SECONDS),
                auto_decompress=False,
            )
        return self._opened

    async def __del__(self) -> None:
        """Called by Ray Serve before it ends the replica."""
        child = getattr(self, "_child", None)
        if child:
            child.stop()
        if getattr(self, "_opened", None):
            await self._opened.close()
