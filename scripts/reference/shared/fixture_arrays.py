"""The arrays of one fixture: a binary file and a table of its contents (test/support/reference-arrays.ts)."""

import math

import torch

from shared.random_weights import random_input

NUMPY = {"float32": "<f4", "float64": "<f8", "int32": "<i4"}


class Arrays:
    """Collects arrays; `table` has dtype, shape and offset (a multiple of 8) or seed of each."""

    def __init__(self) -> None:
        self.table: dict[str, dict] = {}
        self._parts: list[bytes] = []
        self._end = 0

    def add(self, name: str, value: torch.Tensor) -> torch.Tensor:
        """Stores an array; integers are stored as int32. Returns what is stored."""
        assert name not in self.table, name
        if not value.is_floating_point():
            value = value.int()
        kind = str(value.dtype).removeprefix("torch.")
        data = value.detach().contiguous().numpy().astype(NUMPY[kind]).tobytes()
        self._end += -self._end % 8
        self.table[name] = {"dtype": kind, "shape": list(value.shape), "offset": self._end}
        self._parts.append(b"\0" * (self._end - sum(map(len, self._parts))) + data)
        self._end += len(data)
        return value

    def randn(self, name: str, shape: list[int]) -> torch.Tensor:
        """A random input that is not stored: both sides draw it with the seed in the table."""
        seed = len(self.table) + math.prod(shape)
        self.table[name] = {"dtype": "float32", "shape": shape, "seed": seed}
        return random_input(seed, shape)

    def bytes(self) -> bytes:
        """The content of the binary file."""
        return b"".join(self._parts)
