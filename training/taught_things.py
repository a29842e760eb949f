"""The things that the model is taught, what people call them, and how often each is shown."""

import numpy as np

from .data import load
from .sources import SOURCES

_DATA = load("taught_things")

COMMON = frozenset(_DATA["common"])
"""Common words that a new user would try first, by their name in the artwork."""
USEFUL = frozenset(_DATA["useful"])
"""Other useful things, many of them from the documentation of programs."""
FURTHER = frozenset(_DATA["further"])
"""Less common things."""
TAUGHT = COMMON | USEFUL | FURTHER
"""All of the above."""
PLAIN: dict[str, list[str]] = _DATA["plain_words"]
"""What people call a thing, where that is not its name in the artwork."""
WIDER = frozenset(_DATA["wider_in_wordnet"])
"""Taught things whose name means something wider in WordNet than what their drawing shows."""


def names_of(name: str) -> list[str]:
    """All names of a taught thing: its name in the artwork, then its plain words."""
    return [name, *PLAIN.get(name, [name])]


def plain_word(name: str) -> str:
    """The first plain word of a taught thing; its name in the artwork where it has none."""
    return names_of(name)[1]


def piece_weights(words: list, rare: float, groups: dict[int, float]) -> np.ndarray:
    """How often each piece is shown, relative to the others, (n,) float64.

    The weight is that of the piece's source. A thing that is not taught counts `rare` times as much, and
    in an emoji group of `groups` that factor as well.
    """
    source = {one.key: one.weight for one in SOURCES}

    def share(name: str, group: int) -> float:
        return 1.0 if name in TAUGHT else rare * groups.get(group, 1.0)

    return np.array([source[one.source] * share(one.phrases[0], one.group) for one in words])
