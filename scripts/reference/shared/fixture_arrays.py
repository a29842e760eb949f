"""The arrays of one fixture: one binary file and a table that says where each of them lies."""

import math

import torch

from shared.random_weights import random_input

NUMPY = {"float32": "<f4", "float64": "<f8", "int32": "<i4"}


class Arrays:
    def __init__(self) -> None:
        self.table: dict[str, dict] = {}
        self._parts: list[bytes] = []
        self._end = 0

    def add(self, name: str, value: torch.Tensor) -> torch.Tensor:
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
        """An input that is not stored: both sides draw it from torch's generator."""
        seed = len(self.table) + math.prod(shape)
        self.table[name] = {"dtype": "float32", "shape": shape, "seed": seed}
        return random_input(seed, shape)

    def bytes(self) -> bytes:
        return b"".join(self._parts)
