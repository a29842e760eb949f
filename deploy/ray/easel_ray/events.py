"""A stream of server-sent events that another replica continues. Needs the standard library alone."""

from easel_ray.api import event_says_gone


class EngineGone(Exception):  # noqa: N818 (no fault of the request: it is asked again)
    """The engine of a replica ended while it drew."""


class Events:
    """The events of one request over all attempts: what the client has is not sent again.

    All attempts draw with the same seed, so that the second one draws the same images.
    """

    def __init__(self) -> None:
        self._sent_images = 0
        self._sent_partials = 0  # of the image that is drawn
        self.begin()

    def begin(self) -> None:
        """Begins an attempt."""
        self._rest = b""
        self._images = 0
        self._partials = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """Takes bytes of a replica.

        Returns:
            The events that the client does not have.

        Raises:
            EngineGone: The replica says that its engine ended.
        """
        *events, self._rest = (self._rest + chunk).split(b"\n\n")
        return [event + b"\n\n" for event in events if self._is_new(event)]

    def _is_new(self, event: bytes) -> bool:
        if event_says_gone(event):
            raise EngineGone("The engine ended while it drew.")
        name = event.partition(b"\n")[0]
        if name.endswith(b".partial_image"):
            self._partials += 1
            is_new = self._images == self._sent_images and self._partials > self._sent_partials
            self._sent_partials += is_new
            return is_new
        if name.endswith(b".completed"):
            self._images += 1
            self._partials = 0
            is_new = self._images > self._sent_images
            if is_new:
                self._sent_images, self._sent_partials = self._images, 0
            return is_new
        return True
