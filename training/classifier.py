"""A small classifier of artwork by concept, which judges generated images. It is trained on artwork only.

One source of artwork is kept out of its training, to measure how reliable it is.
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from .autoencoder import halve_artwork
from .evaluation_prompts import concepts_of
from .image_transforms import move, on_background, to_tensor
from .trainer import Plan, train

SIDE = 32
UNSEEN = "notov1"  # the source that is kept out


class Classifier(nn.Module):
    """Pictures (n, 3, 32, 32) in -1..1 to one score per concept."""

    def __init__(self, concepts: int):
        super().__init__()
        layers: list[nn.Module] = []
        for before, width, stride in ((3, 32, 2), (32, 64, 1), (64, 96, 2), (96, 128, 1), (128, 192, 2)):
            layers += [nn.Conv2d(before, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2))
        self.head = nn.Linear(192 * 16, concepts)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(images))


def _shrink(rgba: np.ndarray) -> np.ndarray:
    """(n, 128, 128, 4) to (n, SIDE, SIDE, 4), straight alpha; colours are averaged premultiplied."""
    made = np.zeros((len(rgba), SIDE, SIDE, 4), np.uint8)
    for at, piece in enumerate(rgba):
        image = Image.fromarray(piece, "RGBA").convert("RGBa").reduce(len(piece) // SIDE)
        made[at] = np.asarray(image.convert("RGBA"))
    return made


def _augmented(rgba: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """Artwork moved, mirrored, softened and recoloured at random, (n, 3, SIDE, SIDE) in -1..1."""
    count = len(rgba)
    colour, alpha = to_tensor(rgba)
    shift = rng.uniform(-0.08, 0.08, (count, 2))
    colour, alpha = move(colour, alpha, rng.uniform(0.75, 1.1, count), shift, rng.random(count) < 0.3)
    if rng.random() < 0.3:
        colour = colour[:, torch.from_numpy(rng.permutation(3))]
    ground = np.where(rng.random((count, 1)) < 0.85, 1.0, rng.random((count, 3)))
    made = on_background(colour, alpha, torch.from_numpy(ground).float())
    if rng.random() < 0.6:  # generated images are softer than artwork
        small = int(rng.integers(12, 28))
        made = F.interpolate(F.interpolate(made, size=small, mode="area"), size=SIDE, mode="bilinear")
    contrast = torch.from_numpy(rng.uniform(0.8, 1.25, (count, 1, 1, 1))).float()
    return (made * contrast + 0.05 * torch.randn_like(made)).clamp(-1, 1)


def train_classifier(data: Path, work: Path, minutes: float, workers: int) -> Classifier:
    """Trains the classifier, or continues it from work/classifier.pt."""
    names, drawn = concepts_of(data)
    sources = [piece["source"] for piece in json.loads((data / "artwork.json").read_text())]
    seen = [
        (number, at) for at, name in enumerate(names) for number in drawn[name] if sources[number] != UNSEEN
    ]
    numbers, labels = np.array(seen).T
    small = _shrink(halve_artwork(data)[numbers])

    def loss_of(model: Classifier, rng: np.random.Generator, _progress: float) -> torch.Tensor:
        rows = rng.integers(len(labels), size=64)
        scores = model(_augmented(small[rows], rng).to(next(model.parameters()).device))
        return F.cross_entropy(
            scores.float(), torch.from_numpy(labels[rows]).to(scores.device), label_smoothing=0.05
        )

    plan = Plan("classifier", minutes, lr=2e-3, batch=64, warmup_samples=5000, decay=0.8, workers=workers)
    return train(Classifier(len(names)), plan, loss_of, work)


@torch.no_grad()
def rank(model: Classifier, images: torch.Tensor) -> torch.Tensor:
    """The concept numbers for images (n, 3, side, side) in -1..1, the most likely first."""
    return model(F.interpolate(images, size=SIDE, mode="area")).argsort(1, descending=True)


@torch.no_grad()
def trust(data: Path, model: Classifier) -> tuple[float, float]:
    """How often the right concept comes first, and among the first five, for artwork of the unseen source."""
    names, drawn = concepts_of(data)
    pieces = json.loads((data / "artwork.json").read_text())
    pairs = [
        (number, at)
        for at, name in enumerate(names)
        for number in drawn[name]
        if pieces[number]["source"] == UNSEEN
    ]
    numbers, labels = np.array(pairs).T
    colour, alpha = to_tensor(halve_artwork(data)[numbers])
    ranked = rank(model, on_background(colour, alpha, torch.ones(len(numbers), 3)))[:, :5]
    right = ranked == torch.from_numpy(labels)[:, None]
    return float(right[:, 0].float().mean()), float(right.any(1).float().mean())
