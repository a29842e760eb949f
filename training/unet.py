"""Trains the UNet to predict v from noisy latents and captions made afresh for every sample."""

import random
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from torch import nn
from torch.nn import functional as F
from transformers import CLIPTextModel

from .captions import caption, load_words
from .sources import SOURCES
from .text_encoder import token_ids
from .trainer import Plan, train
from .unet_model import make_scheduler, make_unet

DROPPED = 0.1  # share of samples with an empty caption, for classifier-free guidance
GROUP_WEIGHTS = {0: 0.6, 1: 0.25, 8: 0.2}  # faces, people, symbols; everything else 1
CAPTIONS = 10  # captions drawn per variant


def _weights(notes: list[dict], words: list) -> np.ndarray:
    """How often each latent is shown: by its source and group, shared among its piece's variants."""
    source = {one.key: one.weight for one in SOURCES}
    count = np.bincount([note["piece"] for note in notes])
    values = [source[words[note["piece"]].source] * GROUP_WEIGHTS.get(words[note["piece"]].group, 1.0)
              * (1 + 0.25 * count[note["piece"]]) / count[note["piece"]] for note in notes]
    return np.cumsum(np.array(values) / np.sum(values))


def make_captions(data: Path, notes: list[dict], tokenizer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct token rows, and for each latent the rows of its CAPTIONS captions; row 0 is empty."""
    words = load_words(data)
    rng = random.Random(3)
    known: dict[str, int] = {"": 0}
    rows = np.zeros((len(notes), CAPTIONS), np.int32)
    for at, note in enumerate(notes):
        for turn in range(CAPTIONS):
            text = caption(words[note["piece"]], rng, note["colour"], note["natural"], note["ground"])
            rows[at, turn] = known.setdefault(text, len(known))
    ids, _ends = token_ids(tokenizer, list(known))
    return ids, rows, _weights(notes, words)


def train_unet(data: Path, work: Path, latents: np.ndarray, notes: list[dict], tokenizer,
               text_encoder: CLIPTextModel, minutes: float, workers: int) -> UNet2DConditionModel:
    """Trains (or continues) the UNet on frozen latents and a frozen text encoder."""
    ids, rows, cumulative = make_captions(data, notes, tokenizer)
    alphas = make_scheduler().alphas_cumprod
    batch = 24
    text_encoder = text_encoder.eval().requires_grad_(False)

    def loss_of(model: nn.Module, rng: np.random.Generator, _progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        picked = np.searchsorted(cumulative, rng.random(batch)).clip(max=len(latents) - 1)
        chosen = rows[picked, rng.integers(CAPTIONS, size=batch)]
        chosen[rng.random(batch) < DROPPED] = 0
        clean = torch.from_numpy(latents[picked].astype(np.float32)).to(device)
        # one moment from each of `batch` equal slices of the schedule: less noise in the gradient
        place = (rng.permutation(batch) + rng.random(batch)) / batch
        moments = torch.from_numpy((place * 1000).astype(np.int64)).to(device)
        alpha = alphas.to(device)[moments].float()[:, None, None, None]
        noise = torch.randn_like(clean)
        noisy = alpha.sqrt() * clean + (1 - alpha).sqrt() * noise
        target = alpha.sqrt() * noise - (1 - alpha).sqrt() * clean
        with torch.no_grad():
            encoder = text_encoder.to(device)
            tokens = torch.from_numpy(ids[chosen].astype(np.int64)).to(device)
            states = encoder(input_ids=tokens).last_hidden_state
        return F.mse_loss(model(noisy, moments, states).sample.float(), target)

    plan = Plan("unet", minutes, lr=6e-4, batch=batch, warmup_samples=15000, decay=0.5, ema=25000,
                weight_decay=0.01, workers=workers, betas=(0.9, 0.98))
    return train(make_unet(), plan, loss_of, work)
