"""Fine-tunes the text encoder so that a word for something undrawn means the nearest thing that was drawn.

The UNet saw about three thousand words. For any other word it draws a blob, even if the encoder places the
word near a known one: nothing was ever drawn for the states in between. So the encoder goes on learning with
pairs of captions that differ in one word: its states for "a small foxhound" must become those for "a small
dog". Its states for known captions must stay as they were.
"""

import copy
import json
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import CLIPTextModel

from .assign_words import ASSIGNMENTS, words_to_learn
from .caption_pairs import CaptionPairs, aligned_positions
from .teacher import Teacher
from .text_encoder import token_ids
from .tokenizer import LENGTH
from .trainer import Plan, pick_device, team_size, train

WHOLE = 0.25  # share of batches with all of the padding, which the UNet sees as well
BATCH = 128  # of all processes that train together


def finetune_words(
    encoder: CLIPTextModel, data: Path, tokenizer, teacher: Teacher, work: Path, minutes: float, workers: int
) -> CLIPTextModel:
    """Fine-tunes the text encoder (see above), or continues it from work/words.pt where that exists."""
    target = data / ASSIGNMENTS
    if not target.exists():
        target.write_text(json.dumps(words_to_learn(data, teacher), indent=0), encoding="utf8")
    pairs = CaptionPairs(data, json.loads(target.read_text(encoding="utf8")))
    known = copy.deepcopy(encoder).to(pick_device()).eval().requires_grad_(False)
    articles = {tokenizer.convert_tokens_to_ids(f"{article}</w>") for article in ("a", "an")}

    def loss_of(model: nn.Module, rng: np.random.Generator, _progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        texts = pairs.draw(random.Random(int(rng.integers(1 << 31))), batch)
        ids, ends = token_ids(tokenizer, [given for given, _known in texts])
        known_ids, known_ends = token_ids(tokenizer, [text for _given, text in texts])
        places = np.stack(
            [
                aligned_positions(a[: e + 1].tolist(), b[: f + 1].tolist(), articles, LENGTH)
                for a, e, b, f in zip(ids, ends, known_ids, known_ends, strict=True)
            ]
        )
        whole = rng.random() < WHOLE
        length = LENGTH if whole else min(LENGTH, int(max(ends.max(), known_ends.max())) + 3)

        def states(model: nn.Module, tokens: np.ndarray) -> torch.Tensor:
            tokens = torch.from_numpy(tokens[:, :length].astype(np.int64)).to(device)
            return model(input_ids=tokens).last_hidden_state.float()

        with torch.no_grad():
            at = torch.from_numpy(places[:, :length].clip(max=length - 1)).to(device)[..., None]
            wanted = states(known, known_ids)
            wanted = wanted.gather(1, at.expand_as(wanted))
        return F.mse_loss(states(model, ids), wanted)

    batch = max(1, BATCH // team_size(workers))
    plan = Plan(
        "words",
        minutes,
        lr=4e-4,
        batch=batch,
        warmup_samples=10000,
        decay=0.6,
        weight_decay=0.01,
        workers=workers,
        betas=(0.9, 0.98),
    )
    return train(encoder, plan, loss_of, work)
