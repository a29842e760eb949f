"""AUTOMATIC1111's variations of a seed, on torch's tensors."""

import torch


def mixed_noise(noise: torch.Tensor, other: torch.Tensor, strength: float) -> torch.Tensor:
    """The formula of `slerp` in modules/rng.py, for noises [channels, height, width] along dim 1."""
    first, second = (torch.nn.functional.normalize(value, dim=1, eps=0) for value in (noise, other))
    cosine = (first * second).sum(1, keepdim=True)
    if cosine.mean() > 0.9995:
        # The weights are exchanged there.
        return strength * noise + (1 - strength) * other
    angle = torch.acos(cosine)
    own, mixed = (torch.sin(share * angle) / torch.sin(angle) for share in (1 - strength, strength))
    return own * noise + mixed * other
