"""Adapts a UNet to another text encoder, so that it does not have to learn its words again.

Both encoders learned the same meanings, so the states of the old one are nearly a linear function of those of
the new one. That function is found by least squares over captions and folded into the projections of the
cross-attention. Training then corrects the rest.
"""

import random

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from transformers import CLIPTextModel

from .text_encoder import token_ids

SAMPLE = 4000  # captions to compare
RIDGE = 1e-3  # of the mean square, for a stable solution


@torch.no_grad()
def _states(encoder: CLIPTextModel, tokenizer, phrases: list[str]) -> torch.Tensor:
    ids, _ends = token_ids(tokenizer, phrases)
    parts = [encoder(input_ids=part).last_hidden_state for part in torch.from_numpy(ids).long().split(256)]
    return torch.cat(parts).double()


@torch.no_grad()
def realign_cross_attention(unet: UNet2DConditionModel, old: tuple, new: tuple, phrases: list[str]) -> float:
    """Changes `unet`, trained with `old` (tokenizer, encoder), to work with `new`.

    Token positions differ between vocabularies, so only the last two thirds of the states are compared. They
    are mostly padding, where both encoders have read the whole phrase.

    Returns:
        The share of the variance of the old states that the new ones explain.
    """
    captions = random.Random(0).sample(phrases[: len(phrases) // 3], SAMPLE)  # captions come first
    known, fresh = _states(old[1], old[0], captions), _states(new[1], new[0], captions)
    late = slice(known.shape[1] // 3, None)
    x, y = fresh[:, late].flatten(0, 1), known[:, late].flatten(0, 1)
    gram = x.T @ x
    gram += RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    change = torch.linalg.solve(gram, x.T @ y)  # y = x @ change
    for module in unet.modules():
        if isinstance(module, Attention) and module.is_cross_attention:
            for projection in (module.to_k, module.to_v):
                projection.weight.copy_((projection.weight.double() @ change.T).to(projection.weight.dtype))
    return float(1 - (y - x @ change).square().sum() / (y - y.mean(0)).square().sum())
