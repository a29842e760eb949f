"""Trains the UNet to predict v from noisy latents and captions made afresh for every sample."""

import random
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import nn
from torch.nn import functional as F
from transformers import CLIPTextModel

from .captions import NEGATIVES, caption, load_words
from .held_out_split import thing_is_held_out
from .taught_things import piece_weights
from .text_encoder import token_ids
from .trainer import Plan, team_size, train
from .unet_model import make_scheduler

DROPPED = 0.1  # share of samples with an empty caption, for classifier-free guidance
NEGATIVE = 0.3  # and of those, with a negative prompt instead, which is to mean as little
GROUP_WEIGHTS = {0: 0.5, 1: 0.08, 8: 0.08}  # faces, people, symbols; everything else 1
AS_DRAWN = 12.0  # against 1 for each of a piece's other variants
ASIDE = 0.6  # and this for those that are small or mirrored
PAIRED = 0.12  # share of two things side by side
RARE = 0.002  # how often a thing that is not taught is shown, relative to one that is
EARLIEST = 0.04  # the last moments are all noise in the loss, and 20 steps or fewer never come there
BATCH = 32  # of all processes that train together
SKETCHED = 0.75  # things in other places are shown with at most this share of the noise: what stands in
# a sketch is to be finished where it is, and what comes of noise alone is to stand in the usual place
MIXED = 0.2  # share of samples whose caption leans towards another sample's
LEAN = (
    0.4  # and at most how far: what is nearest is to be drawn, as a word that was not taught is near several
)
CAPTIONS = 10  # captions drawn per variant


def _weights(notes: list[dict], words: list) -> np.ndarray:
    """How often each latent is shown, summed up. Pairs share PAIRED evenly. The rest goes by source and
    thing, shared among a piece's variants, of which the first (as drawn) comes AS_DRAWN times as often."""
    pieces = np.array([note["piece"] for note in notes])
    paired = np.array([note["other"] is not None for note in notes])
    share = np.where([note["small"] or note["mirror"] for note in notes], ASIDE, 1.0)
    _numbers, firsts = np.unique(np.where(paired, -1, pieces), return_index=True)
    share[firsts[1:]] = AS_DRAWN
    share[paired] = 0
    total = np.bincount(pieces, share).clip(min=1e-9)
    each = piece_weights(words, RARE, GROUP_WEIGHTS)
    each[[thing_is_held_out(piece.phrases[0]) for piece in words]] = 0
    values = each[pieces] * share / total[pieces]
    values *= (1 - PAIRED) / values.sum()
    values[paired] = PAIRED / paired.sum()
    return np.cumsum(values)


def make_captions(data: Path, notes: list[dict], tokenizer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct token rows, and for each latent the rows of its CAPTIONS captions; row 0 is empty, and
    the NEGATIVES follow."""
    words = load_words(data)
    rng = random.Random(3)
    known = {text: at for at, text in enumerate(("", *NEGATIVES))}
    rows = np.zeros((len(notes), CAPTIONS), np.int32)
    for at, note in enumerate(notes):
        for turn in range(CAPTIONS):
            text = caption(words, note, rng)
            rows[at, turn] = known.setdefault(text, len(known))
    ids, _ends = token_ids(tokenizer, list(known))
    return ids, rows, _weights(notes, words)


def train_unet(
    start: UNet2DConditionModel,
    data: Path,
    work: Path,
    latents: np.ndarray,
    notes: list[dict],
    tokenizer,
    text_encoder: CLIPTextModel,
    minutes: float,
    workers: int,
) -> UNet2DConditionModel:
    """Trains (or continues) the UNet from `start` on frozen latents and a frozen text encoder."""
    ids, rows, cumulative = make_captions(data, notes, tokenizer)
    alphas = make_scheduler().alphas_cumprod
    batch = max(1, BATCH // team_size(workers))
    moved = np.array([note["moved"] for note in notes])
    text_encoder = text_encoder.eval().requires_grad_(False)

    known: dict[int, torch.Tensor] = {}  # captions come again: a fifth of the time is saved

    @torch.no_grad()
    def states_of(chosen: np.ndarray, device: torch.device) -> torch.Tensor:
        fresh = [row for row in set(chosen.tolist()) if row not in known]
        if fresh:
            tokens = torch.from_numpy(ids[fresh].astype(np.int64)).to(device)
            states = text_encoder.to(device)(input_ids=tokens).last_hidden_state
            known.update(zip(fresh, states.bfloat16(), strict=True))
        return torch.stack([known[row] for row in chosen.tolist()])

    def loss_of(model: nn.Module, rng: np.random.Generator, _progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        picked = np.searchsorted(cumulative, rng.random(batch)).clip(max=len(latents) - 1)
        chosen = rows[picked, rng.integers(CAPTIONS, size=batch)]
        unsaid = np.where(rng.random(batch) < NEGATIVE, rng.integers(1, 1 + len(NEGATIVES), batch), 0)
        dropped = rng.random(batch) < DROPPED
        chosen = np.where(dropped, unsaid, chosen)
        lean = np.where(~dropped & (rng.random(batch) < MIXED), rng.random(batch) * LEAN, 0)
        clean = torch.from_numpy(latents[picked].astype(np.float32)).to(device)
        # one moment from each of `batch` equal slices of the schedule: less noise in the gradient
        place = EARLIEST + (1 - EARLIEST) * (rng.permutation(batch) + rng.random(batch)) / batch
        place = np.where(moved[picked], place * SKETCHED, place)
        moments = torch.from_numpy((place * 1000).astype(np.int64)).to(device)
        alpha = alphas.to(device)[moments].float()[:, None, None, None]
        noise = torch.randn_like(clean)
        noisy = alpha.sqrt() * clean + (1 - alpha).sqrt() * noise
        target = alpha.sqrt() * noise - (1 - alpha).sqrt() * clean
        states = states_of(chosen, device)
        leaning = torch.from_numpy(lean).to(states)[:, None, None]
        states = states.lerp(states.roll(1, 0), leaning)
        return F.mse_loss(model(noisy, moments, states).sample.float(), target)

    plan = Plan(
        "unet",
        minutes,
        lr=8e-4,
        batch=batch,
        warmup_samples=15000,
        decay=0.55,
        ema=6000,
        weight_decay=0.01,
        workers=workers,
        betas=(0.9, 0.98),
    )
    start.set_attn_processor(AttnProcessor())  # on a CPU the fused kernel is slow backwards
    return train(start, plan, loss_of, work)
