"""What the UNet is never shown, so that `evaluate.py` can ask for it: things, colours of things, and words.

The rules are fixed (a checksum of the words) and not drawn again for each run, so that versions of the model
can be compared.
"""

import zlib

from .data import load
from .taught_things import COMMON, FURTHER

PHRASINGS: dict[str, str] = load("held_out_words")
"""Words that no caption uses, each with the name of the artwork that it means."""


def _chosen(text: str, share: int) -> bool:
    return zlib.crc32(text.encode()) % share == 0


def thing_is_held_out(name: str) -> bool:
    """Whether no drawing of this name is shown: one in six of the names that are neither common nor further
    things."""
    return name not in COMMON and name not in FURTHER and _chosen(name, 6)


def colour_is_held_out(colour: str, name: str) -> bool:
    """Whether this thing is never shown with this colour's word: one pair in eight."""
    return _chosen(f"{colour} {name}", 8)


def phrase_is_held_out(phrase: str) -> bool:
    """Whether no caption uses this phrase: it is a held-out word or contains one as whole words."""
    words = f" {phrase} "
    return any(f" {held} " in words for held in PHRASINGS)
