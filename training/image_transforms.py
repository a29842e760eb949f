"""Transforms RGBA artwork for training: scales, moves, mirrors, lays on a background."""

import numpy as np
import torch
from torch.nn import functional as F

SIZE = 256


def to_tensor(rgba: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """(n, 256, 256, 4) uint8 to premultiplied colour (n, 3, 256, 256) and alpha (n, 1, ...) in 0..1."""
    pixels = torch.from_numpy(rgba).permute(0, 3, 1, 2).float().div_(255)
    alpha = pixels[:, 3:]
    return pixels[:, :3] * alpha, alpha


def move(
    colour: torch.Tensor, alpha: torch.Tensor, scale: np.ndarray, shift: np.ndarray, mirror: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scales about the middle (1: as drawn), shifts by a share of the side, mirrors.

    `scale` is (n,), `shift` (n, 2) as x and y, `mirror` (n,) bool.
    """
    count = len(colour)
    theta = torch.zeros(count, 2, 3)
    sign = torch.from_numpy(np.where(mirror, -1.0, 1.0)).float()
    size = torch.from_numpy(scale).float()
    theta[:, 0, 0] = sign / size
    theta[:, 1, 1] = 1 / size
    theta[:, 0, 2] = -2 * torch.from_numpy(shift[:, 0]).float() * sign / size
    theta[:, 1, 2] = -2 * torch.from_numpy(shift[:, 1]).float() / size
    both = torch.cat([colour, alpha], 1)
    grid = F.affine_grid(theta, list(both.shape), align_corners=False)
    moved = F.grid_sample(both, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return moved[:, :3], moved[:, 3:]


def on_background(colour: torch.Tensor, alpha: torch.Tensor, background: torch.Tensor) -> torch.Tensor:
    """Lays premultiplied artwork over flat colours (n, 3) in 0..1; the images are in -1..1."""
    image = colour + (1 - alpha) * background[:, :, None, None]
    return image.clamp(0, 1) * 2 - 1
