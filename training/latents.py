"""Encodes the artwork once: several variants of every piece, as float16 latents.

A variant is a piece mirrored, moved, recoloured or laid on a coloured background. What was done is
kept beside the latents, so that captions can be made afresh for every sample.
"""

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch

from .autoencoder import Autoencoder, halve_artwork
from .captions import clean
from .colours import BACKGROUNDS, TARGETS, dominant, recolour
from .held_out import colour_is_held_out
from .nouns import COMMON
from .pictures import move, on_background, to_tensor
from .trainer import pick_device

DRAWN_ONCE = ("openclipart", "meteocons", "flatcolor")
DIRECTED = ("left", "right", "arrow", "index pointing", "clockwise")


def _variants(piece: dict, colour: tuple[int, str] | None, rng: np.random.Generator) -> list[dict]:
    """What to make of one piece: as drawn; recoloured where it is of one colour; on a coloured
    background; mirrored; moved. Only as drawn in the commonest place is cheap to learn, so colours are."""
    name = clean(piece["name"])
    natural = colour[1] if colour else ""
    mirror = not any(word in name for word in DIRECTED)
    drawn = {"mirror": False, "colour": "", "natural": "" if colour_is_held_out(natural, name) else natural,
             "ground": "", "scale": 1.0, "shift": [0, 0]}

    room = rng.uniform(0.72, 1.0)
    moved = {"scale": room, "shift": (rng.uniform(-1, 1, 2) * (1 - room) * 0.45).tolist(),
             "mirror": bool(mirror and rng.random() < 0.5)}
    made = [drawn, {**drawn, **moved}]
    if mirror and piece["source"] not in DRAWN_ONCE:
        made.append({**drawn, "mirror": True})
    if colour and piece["group"] not in (0, 1, 8):
        others = [word for word in TARGETS if word != natural and not colour_is_held_out(word, name)]
        count = 1 if piece["source"] in DRAWN_ONCE else 4
        made += [{**drawn, "colour": str(word), "natural": ""}
                 for word in rng.choice(others, min(count, len(others)), replace=False)]
    if name in COMMON or rng.random() < 0.3:
        made.append({**drawn, "ground": str(rng.choice(list(BACKGROUNDS)))})
    return made


def _background(variant: dict, rng: np.random.Generator) -> np.ndarray:
    if not variant["ground"]:
        return np.ones(3)
    colour = np.array(BACKGROUNDS[variant["ground"]]) / 255
    return np.clip(colour + rng.normal(0, 0.02, 3), 0, 1)


def pictures(rgba: list[np.ndarray], variants: list[dict], rng: np.random.Generator) -> torch.Tensor:
    """Variants of recoloured artwork as (n, 3, side, side) in -1..1."""
    colour, alpha = to_tensor(np.stack(rgba))
    colour, alpha = move(colour, alpha, np.array([variant["scale"] for variant in variants]),
                         np.array([variant["shift"] for variant in variants]),
                         np.array([variant["mirror"] for variant in variants]))
    grounds = np.stack([_background(variant, rng) for variant in variants])
    return on_background(colour, alpha, torch.from_numpy(grounds).float())


@torch.no_grad()
def _encode_part(data: Path, model: Autoencoder, numbers: range) -> tuple[np.ndarray, list[dict]]:
    device = next(model.parameters()).device
    artwork = halve_artwork(data)
    pieces = json.loads((data / "artwork.json").read_text())
    rng = np.random.default_rng([7, numbers.start])
    kept, notes, waiting, variants = [], [], [], []

    def flush() -> None:
        if waiting:
            batch = pictures(waiting, variants, rng).to(device, memory_format=torch.channels_last)
            with torch.autocast(device.type, torch.bfloat16):
                kept.append(model.encode(batch).cpu().numpy().astype(np.float16))
            waiting.clear()
            variants.clear()

    for number in numbers:
        rgba = np.array(artwork[number])
        colour = dominant(rgba)
        for variant in _variants(pieces[number], colour, rng):
            turned = recolour(rgba, colour[0], variant["colour"]) if variant["colour"] and colour else rgba
            waiting.append(turned)
            variants.append(variant)
            notes.append({"piece": number, "colour": variant["colour"], "natural": variant["natural"],
                          "ground": variant["ground"]})
            if len(waiting) == 16:
                flush()
    flush()
    return np.concatenate(kept), notes


def encode_artwork(data: Path, model: Autoencoder, workers: int) -> None:
    """Writes data/latents.npy (n, 32, 8, 8) float16 and data/latents.json.

    Works at 128 pixels: the encoder halves its 256-pixel input before anything else.
    """
    target = data / "latents.npy"
    if target.exists():
        return
    count = len(halve_artwork(data))
    model = model.to(pick_device()).eval()
    if pick_device().type == "cpu" and workers > 1:
        torch.set_num_threads(1)
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            jobs = [pool.submit(_encode_part, data, model, range(part, count, workers)) for part in range(workers)]
            parts = [job.result() for job in jobs]
    else:
        parts = [_encode_part(data, model, range(count))]
    notes = [note for _latents, part in parts for note in part]
    (data / "latents.json").write_text(json.dumps(notes))
    np.save(data / "latents.tmp.npy", np.concatenate([latents for latents, _part in parts]))
    (data / "latents.tmp.npy").rename(target)


def load_latents(data: Path) -> tuple[np.ndarray, list[dict]]:
    """The latents (n, 32, 8, 8) float16 and what was done to each."""
    return np.load(data / "latents.npy"), json.loads((data / "latents.json").read_text())
