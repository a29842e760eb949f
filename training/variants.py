"""Chooses the variants of every piece of artwork that the UNet is shown.

A variant is a piece mirrored, made small, moved, recoloured or on a coloured background; a pair is two pieces
side by side. Each is described by a note. Its image (encode_latents.py) and its captions (captions.py)
are made from the note.
"""

from collections.abc import Callable

import numpy as np

from .captions import clean, plain_note
from .colours import BACKGROUNDS, TARGETS
from .held_out_split import colour_is_held_out
from .taught_things import COMMON, TAUGHT

DIRECTED = ("left", "right", "arrow", "index pointing", "clockwise")
SMALL = (0.45, 0.62)  # scale of small things, from and to
PAIRS = 9000  # images of two things side by side
BESIDE = 0.49  # their scale
MOVED = {
    "fluentflat": 6,
    "fluent3d": 2,
    "fluentline": 2,
}  # by source, in how many other places a thing is shown
COLOURS = {
    "fluentflat": 8,
    "fluent3d": 4,
    "fluent": 4,
}  # by source, in how many colours a thing is shown; else 2
SMALL_COLOURS = 2  # in how many colours a small thing is shown

Colour = tuple[int, str]
"""A hue (see colours.py) and its word."""
ColourOf = Callable[[int], Colour | None]
"""The dominant colour of a piece by its number."""


def _note(piece: int, **made: object) -> dict:
    """What is done to a piece: what its caption tells (see captions.plain_note), and its place."""
    return {**plain_note(piece), "scale": 1.0, "shift": [0, 0], "mirror": False, **made}


def _is_thing(piece: dict) -> bool:
    """Whether it is no face and no person. Those keep their colour and stand alone."""
    return piece["group"] != 1 and not (piece["group"] == 0 and "face" in piece["name"])


def _natural(colour: Colour | None, name: str) -> str:
    return colour[1] if colour and not colour_is_held_out(colour[1], name) else ""


def _others(colour: Colour, name: str) -> list[str]:
    """The colours that it may be changed to."""
    return [word for word in TARGETS if word != colour[1] and not colour_is_held_out(word, name)]


def _variants(number: int, piece: dict, colour: Colour | None, rng: np.random.Generator) -> list[dict]:
    """The variants of one piece. The first is the piece as drawn.

    A taught thing is also shown small, mirrored, recoloured (if it has one colour), in other places (as in a
    sketch) and on coloured backgrounds.
    """
    name, source = clean(piece["name"]), piece["source"]
    natural, directed = _natural(colour, name), any(word in name for word in DIRECTED)
    others = _others(colour, name) if colour and _is_thing(piece) else []
    made = [_note(number, natural=natural)]
    if name not in TAUGHT:
        return made
    made.append(_note(number, natural=natural, small=True, scale=rng.uniform(*SMALL)))
    if not directed:
        made.append(_note(number, natural=natural, mirror=True))
    if others and source != "fluentline":
        for word in rng.choice(others, min(COLOURS.get(source, 2), len(others)), replace=False):
            made.append(_note(number, colour=str(word)))
        for word in rng.choice(others, SMALL_COLOURS if source == "fluentflat" else 0, replace=False):
            made.append(_note(number, colour=str(word), small=True, scale=rng.uniform(*SMALL)))
    for _ in range(MOVED.get(source, 0)):
        room = rng.uniform(0.55, 0.95)
        word = str(rng.choice(others)) if others and rng.random() < 0.5 else ""
        shift = (rng.uniform(-1, 1, 2) * (1 - room) * 0.5).tolist()
        mirror = bool(rng.random() < 0.3) and not directed
        made.append(
            _note(
                number,
                natural="" if word else natural,
                colour=word,
                moved=True,
                scale=room,
                shift=shift,
                mirror=mirror,
            )
        )
    grounds = rng.choice(list(BACKGROUNDS), 3 if source == "fluentflat" else 1, replace=False).tolist()
    if source == "fluentflat" and natural in BACKGROUNDS and natural not in grounds:
        grounds.append(natural)
    return made + [_note(number, natural=natural, ground=ground) for ground in grounds]


def _pair(
    pieces: list[dict], common: dict[str, list[int]], rng: np.random.Generator, colour_of: ColourOf
) -> dict:
    """Two common things of one style side by side, sometimes recoloured, sometimes the same thing twice."""
    source = rng.choice(
        list(common), p=[0.12 if one != "fluentflat" else 1 - 0.12 * (len(common) - 1) for one in common]
    )
    left, right = (int(number) for number in rng.choice(common[source], 2, replace=False))
    note = _note(left, scale=BESIDE, shift=[-0.25, 0], other=left if rng.random() < 0.08 else right)
    for side, number in (("", left), ("other_", right)):
        colour, name = colour_of(number), clean(pieces[number]["name"])
        note[f"{side}natural"] = _natural(colour, name)
        if colour and source != "fluentline" and note["other"] != left and rng.random() < 0.3:
            note[f"{side}colour"] = str(rng.choice(_others(colour, name)))
    if rng.random() < 0.08:
        note["ground"] = str(rng.choice(list(BACKGROUNDS)))
    return note


def make_notes(
    pieces: list[dict], colour_of: ColourOf, rng: np.random.Generator, part: int, parts: int
) -> list[dict]:
    """The notes of all images that worker `part` of `parts` paints: its share of the pieces, then pairs."""
    notes = [
        note
        for number in range(part, len(pieces), parts)
        for note in _variants(number, pieces[number], colour_of(number), rng)
    ]
    common: dict[str, list[int]] = {"fluentflat": [], "fluent3d": [], "fluentline": []}
    for number, piece in enumerate(pieces):
        if piece["source"] in common and clean(piece["name"]) in COMMON and _is_thing(piece):
            common[piece["source"]].append(number)
    return notes + [_pair(pieces, common, rng, colour_of) for _ in range(PAIRS // parts)]
