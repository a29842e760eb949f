"""Carries a UNet from one text encoder over to another, so that it need not learn its words anew.

Both encoders were taught the same meanings, so what the old one would have said is nearly a linear
function of what the new one says. That function is found by least squares over captions and folded
into the projections of the cross-attention; training then only has to mend the rest.
"""

import random

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from transformers import CLIPTextModel

from .text_encoder import token_ids

SAMPLE = 4000  # captions compared
RIDGE = 1e-3  # of the mean square, for a stable solution


@torch.no_grad()
def _states(encoder: CLIPTextModel, tokenizer, phrases: list[str]) -> torch.Tensor:
    ids, _ends = token_ids(tokenizer, phrases)
    parts = [encoder(input_ids=part).last_hidden_state for part in torch.from_numpy(ids).long().split(256)]
    return torch.cat(parts).double()


@torch.no_grad()
def realign_cross_attention(unet: UNet2DConditionModel, old: tuple, new: tuple, phrases: list[str]) -> float:
    """Changes `unet`, which knows `old` (tokenizer, encoder), to read `new`; returns the share of the old
    states' variance that the new ones explain.

    Token positions differ between vocabularies, so the states are compared from the end on, where the
    padding lies and both have read the whole phrase.
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
