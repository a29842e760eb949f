"""Paints several variants of every piece of artwork and encodes them once, as float16 latents.

The notes of the variants are kept beside the latents, so that captions can be made anew for every sample.
"""

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch

from .autoencoder import Autoencoder, halve_artwork
from .colours import BACKGROUNDS, dominant, recolour
from .image_transforms import move, on_background, to_tensor
from .trainer import pick_device
from .variants import Colour, make_notes

PALER = 0.6  # how far a background of the thing's own colour is moved towards white


def _place(rgba: list[np.ndarray], notes: list[dict], shift: float | None = None) -> tuple:
    colour, alpha = to_tensor(np.stack(rgba))
    shifts = [note["shift"] if shift is None else [shift, 0] for note in notes]
    return move(
        colour,
        alpha,
        np.array([note["scale"] for note in notes]),
        np.array(shifts),
        np.array([note["mirror"] for note in notes]),
    )


class Painter:
    """Makes the images that notes describe, (n, 3, 128, 128) in -1..1."""

    def __init__(self, data: Path, rng: np.random.Generator):
        self.artwork = halve_artwork(data)
        self.rng = rng
        self.colours: dict[int, Colour | None] = {}

    def colour_of(self, number: int) -> Colour | None:
        """The dominant hue of the piece and its word."""
        if number not in self.colours:
            self.colours[number] = dominant(np.array(self.artwork[number]))
        return self.colours[number]

    def _turned(self, number: int, word: str) -> np.ndarray:
        rgba, colour = np.array(self.artwork[number]), self.colour_of(number)
        return recolour(rgba, colour[0], word) if word and colour else rgba

    def _ground(self, note: dict) -> np.ndarray:
        """The colour of the background, (3,) in 0..1; a paler one where a thing has the same colour."""
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
        """One image for each note."""
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


@torch.no_grad()
def _encode_part(data: Path, model: Autoencoder, part: int, parts: int) -> tuple[np.ndarray, list[dict]]:
    device = next(model.parameters()).device
    pieces = json.loads((data / "artwork.json").read_text())
    rng = np.random.default_rng([7, part])  # the notes come first, then the backgrounds' shades
    painter = Painter(data, rng)
    notes, kept = make_notes(pieces, painter.colour_of, rng, part, parts), []
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
