"""Trains the UNet to predict v from noisy latents and captions."""

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
NEGATIVE = 0.3  # share of these that have a negative prompt instead, which must mean as little
GROUP_WEIGHTS = {0: 0.5, 1: 0.08, 8: 0.08}  # faces, people, symbols; everything else 1
AS_DRAWN = 12.0  # weight of a piece as drawn; other variants have 1
ASIDE = 0.6  # weight of small and of mirrored variants
PAIRED = 0.12  # share of two things side by side
RARE = 0.002  # how often a thing that is not taught is shown, relative to one that is
EARLIEST = 0.04  # the last timesteps add only noise to the loss, and up to 20 steps do not use them
BATCH = 32  # of all processes that train together
SKETCHED = 0.75  # variants in other places get at most this share of the noise: a thing of a sketch must stay
# where it is, and a thing from noise alone must be in the usual place
MIXED = 0.2  # share of samples whose caption states are mixed with those of another sample
LEAN = 0.4  # at most this much of the other: a word that was not taught is near several things, and the
# nearest of them must be drawn
CAPTIONS = 10  # captions drawn per variant


def _weights(notes: list[dict], words: list) -> np.ndarray:
    """The cumulative probabilities of the latents, (n,).

    Pairs have PAIRED together, each the same. The others depend on source and thing (see piece_weights); a
    piece shares its probability among its variants; the first one (as drawn) gets AS_DRAWN times more.
    """
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
    """The captions of all latents, and how often each latent is shown.

    Returns:
        Token ids (captions, LENGTH) of the distinct captions: row 0 is empty, then come the NEGATIVES.
        For each latent, the rows of its captions, (n, CAPTIONS).
        The cumulative probabilities of the latents, (n,).
    """
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

    known: dict[int, torch.Tensor] = {}  # captions repeat: this saves a fifth of the time

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
        # one timestep from each of `batch` equal parts of the schedule: less noise in the gradient
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
    start.set_attn_processor(AttnProcessor())  # on a CPU the backward pass of the fused kernel is slow
    return train(start, plan, loss_of, work)
