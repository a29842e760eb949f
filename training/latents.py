"""Encodes the artwork once: several variants of every piece, as float16 latents.

A variant is a piece mirrored, made small, moved, recoloured or laid on a coloured background; pairs stand side
by side. What was done is kept beside the latents, so that captions can be made afresh for every sample.
"""

import json
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch

from .autoencoder import Autoencoder, halve_artwork
from .captions import clean, plain_note
from .colours import BACKGROUNDS, TARGETS, dominant, recolour
from .held_out import colour_is_held_out
from .nouns import COMMON, TAUGHT
from .pictures import move, on_background, to_tensor
from .trainer import pick_device

DIRECTED = ("left", "right", "arrow", "index pointing", "clockwise")
SMALL = (0.45, 0.62)  # the size of small things, of the usual
PAIRS = 9000  # pictures of two things side by side
BESIDE = 0.49  # their size, of the usual
MOVED = {"fluentflat": 6, "fluent3d": 2, "fluentline": 2}  # how often a thing is shown elsewhere
COLOURS = {"fluentflat": 8, "fluent3d": 4, "fluent": 4}  # in how many colours a thing is shown, else 2
PALER = 0.6  # how far a background of the thing's own colour goes towards white
SMALL_COLOURS = 2  # and small at once


def _note(piece: int, **made: object) -> dict:
    """What was done to a piece: the caption's part, and where it stands."""
    return {**plain_note(piece), "scale": 1.0, "shift": [0, 0], "mirror": False, **made}


def _is_thing(piece: dict) -> bool:
    """Not a face or a person: those keep their colour and stand alone."""
    return piece["group"] != 1 and not (piece["group"] == 0 and "face" in piece["name"])


def _natural(colour: tuple[int, str] | None, name: str) -> str:
    return colour[1] if colour and not colour_is_held_out(colour[1], name) else ""


def _others(colour: tuple[int, str], name: str) -> list[str]:
    """The colours it may be turned into."""
    return [word for word in TARGETS if word != colour[1] and not colour_is_held_out(word, name)]


def _variants(number: int, piece: dict, colour: tuple[int, str] | None, rng: np.random.Generator) -> list[dict]:
    """What to make of one piece: as drawn; and of what is shown often: mirrored; small; recoloured
    where it is of one colour; in other places, as sketches have it; on coloured backgrounds."""
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
        made.append(_note(number, natural="" if word else natural, colour=word, moved=True, scale=room,
                          shift=shift, mirror=mirror))
    grounds = rng.choice(list(BACKGROUNDS), 3 if source == "fluentflat" else 1, replace=False).tolist()
    if source == "fluentflat" and natural in BACKGROUNDS and natural not in grounds:
        grounds.append(natural)
    return made + [_note(number, natural=natural, ground=ground) for ground in grounds]


def _pair(pieces: list[dict], common: dict[str, list[int]], rng: np.random.Generator,
          colour_of: Callable[[int], tuple[int, str] | None]) -> dict:
    """Two common things of one style side by side, at times recoloured, at times the same thing twice."""
    source = rng.choice(list(common), p=[0.12 if one != "fluentflat" else 1 - 0.12 * (len(common) - 1)
                                         for one in common])
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


def _place(rgba: list[np.ndarray], notes: list[dict], shift: float | None = None) -> tuple:
    colour, alpha = to_tensor(np.stack(rgba))
    shifts = [note["shift"] if shift is None else [shift, 0] for note in notes]
    return move(colour, alpha, np.array([note["scale"] for note in notes]), np.array(shifts),
                np.array([note["mirror"] for note in notes]))


class Painter:
    """Makes the pictures that notes describe, (n, 3, 128, 128) in -1..1."""

    def __init__(self, data: Path, rng: np.random.Generator):
        self.artwork = halve_artwork(data)
        self.rng = rng
        self.colours: dict[int, tuple[int, str] | None] = {}

    def colour_of(self, number: int) -> tuple[int, str] | None:
        """The piece's dominant hue and its word."""
        if number not in self.colours:
            self.colours[number] = dominant(np.array(self.artwork[number]))
        return self.colours[number]

    def _turned(self, number: int, word: str) -> np.ndarray:
        rgba, colour = np.array(self.artwork[number]), self.colour_of(number)
        return recolour(rgba, colour[0], word) if word and colour else rgba

    def _ground(self, note: dict) -> np.ndarray:
        """The background's colour; where a thing has the same, a paler one, for it to stand out."""
        if not note["ground"]:
            return np.ones(3)
        own = [note["colour"] or (self.colour_of(note["piece"]) or (0, ""))[1]]
        if note["other"] is not None:
            own.append(note["other_colour"] or (self.colour_of(note["other"]) or (0, ""))[1])
        colour = np.array(BACKGROUNDS[note["ground"]]) / 255
        if note["ground"] in own:
            colour = colour + PALER * (1 - colour)
        return np.clip(colour + self.rng.normal(0, 0.02, 3), 0, 1)

    def paint(self, notes: list[dict]) -> torch.Tensor:
        """One picture for each note."""
        colour, alpha = _place([self._turned(note["piece"], note["colour"]) for note in notes], notes)
        paired = [at for at, note in enumerate(notes) if note["other"] is not None]
        if paired:
            chosen = [notes[at] for at in paired]
            others = [self._turned(note["other"], note["other_colour"]) for note in chosen]
            beside, its_alpha = _place(others, chosen, 0.25)
            colour[paired] = colour[paired] * (1 - its_alpha) + beside
            alpha[paired] = alpha[paired] * (1 - its_alpha) + its_alpha
        grounds = np.stack([self._ground(note) for note in notes])
        return on_background(colour, alpha, torch.from_numpy(grounds).float())


def _notes(data: Path, painter: Painter, part: int, parts: int) -> list[dict]:
    """One worker's share of what to paint."""
    pieces = json.loads((data / "artwork.json").read_text())
    rng = painter.rng
    notes = [note for number in range(part, len(pieces), parts)
             for note in _variants(number, pieces[number], painter.colour_of(number), rng)]
    common: dict[str, list[int]] = {"fluentflat": [], "fluent3d": [], "fluentline": []}
    for number, piece in enumerate(pieces):
        if piece["source"] in common and clean(piece["name"]) in COMMON and _is_thing(piece):
            common[piece["source"]].append(number)
    return notes + [_pair(pieces, common, rng, painter.colour_of) for _ in range(PAIRS // parts)]


@torch.no_grad()
def _encode_part(data: Path, model: Autoencoder, part: int, parts: int) -> tuple[np.ndarray, list[dict]]:
    device = next(model.parameters()).device
    painter = Painter(data, np.random.default_rng([7, part]))
    notes, kept = _notes(data, painter, part, parts), []
    for start in range(0, len(notes), 16):
        batch = painter.paint(notes[start : start + 16]).to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            kept.append(model.encode(batch).cpu().numpy().astype(np.float16))
    return np.concatenate(kept), notes


def encode_artwork(data: Path, model: Autoencoder, workers: int) -> None:
    """Writes data/latents.npy (n, 32, 8, 8) float16 and data/latents.json.

    Works at 128 pixels: the encoder halves its 256-pixel input before anything else.
    """
    target = data / "latents.npy"
    if target.exists():
        return
    halve_artwork(data)
    model = model.to(pick_device()).eval()
    if pick_device().type == "cpu" and workers > 1:
        torch.set_num_threads(1)
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            jobs = [pool.submit(_encode_part, data, model, part, workers) for part in range(workers)]
            parts = [job.result() for job in jobs]
    else:
        parts = [_encode_part(data, model, 0, 1)]
    (data / "latents.json").write_text(json.dumps([note for _latents, part in parts for note in part]))
    np.save(data / "latents.tmp.npy", np.concatenate([latents for latents, _part in parts]))
    (data / "latents.tmp.npy").rename(target)


def load_latents(data: Path) -> tuple[np.ndarray, list[dict]]:
    """The latents (n, 32, 8, 8) float16 and what was done to each."""
    return np.load(data / "latents.npy"), json.loads((data / "latents.json").read_text())
