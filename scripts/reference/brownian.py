"""Draws torchsde's Brownian motion, for test/core/diffusion/brownian-tree.test.ts and seed-sequence.test.ts.

Run with a Python that has torch and torchsde (x86 with AVX2 or better):
    python scripts/reference/brownian.py
Writes test/fixtures/brownian.json: words of numpy.random.SeedSequence, and increments of the motion that
diffusers' BatchedBrownianTree makes, as base64 of little-endian float32.
"""

import base64
import json
import warnings
from pathlib import Path

import numpy
import torch
from torchsde import BrownianInterval

OUTPUT = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "brownian.json"
POOL_SIZE = 24
ENTROPIES = (0, 42, 2**32 - 1, 2**32, 2**53 - 1)
SPAWN_KEYS = ((), (0, 0), (5, 3), (2**33 + 7, 34))

# Begin and end, seed, size, and the intervals that are asked for, in this order.
MOTIONS = (
    # Sigmas of Stable Diffusion: downwards as a scheduler asks, again, very short, and outside.
    (
        (0.029167532920837402, 14.614647, 42, 32),
        ((10.2, 14.614647), (7.1, 14.614647), (5.0, 7.1), (3.3, 7.1), (5.0, 7.1), (0.029167, 0.029168)),
    ),
    ((0.03, 14.6, 2**40 + 3, 5), ((0.0, 20.0), (3.0, 3.0), (14.0, 15.0), (0.01, 0.05))),
    # Ends and middles that lie between two millionths: Python rounds them to the even one.
    ((0.5, 0.5078125, 7, 17), ((0.5, 0.50390625), (0.501, 0.5078125), (0.5000005, 0.507))),
    ((1e-5, 4096.0, 0, 17), ((2048.0, 2049.3), (0.5, 0.5039))),
)


def words(entropy: int, spawn_key: tuple) -> dict:
    sequence = numpy.random.SeedSequence(entropy, spawn_key=spawn_key, pool_size=POOL_SIZE)
    return {"entropy": entropy, "spawnKey": spawn_key, "words": sequence.generate_state(4).tolist()}


def encode(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()


def motion(start: float, end: float, seed: int, size: int, intervals: tuple) -> dict:
    tree = BrownianInterval(
        t0=start,
        t1=end,
        size=(1, size),
        dtype=torch.float32,
        entropy=seed,
        tol=1e-6,
        pool_size=POOL_SIZE,
        halfway_tree=True,
    )
    changes = [{"from": low, "to": high, "values": encode(tree(low, high))} for low, high in intervals]
    return {"start": start, "end": end, "seed": seed, "size": size, "changes": changes}


def main() -> None:
    # It warns of times outside the motion.
    warnings.filterwarnings("ignore")
    sequences = [words(entropy, key) for entropy in ENTROPIES for key in SPAWN_KEYS]
    motions = [motion(*settings, intervals) for settings, intervals in MOTIONS]
    content = {"poolSize": POOL_SIZE, "sequences": sequences, "motions": motions}
    OUTPUT.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
