"""Images without a seam, as they are drawn with diffusers, which has no option for it."""

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def seamless(pipe, axes: str | None) -> Iterator[None]:
    """Circular padding along some axes (`x`, `y` or `xy`) in each Conv2d of the UNet and the autoencoder."""
    parts = [pipe.unet, pipe.vae] if axes else []
    layers = [layer for part in parts for layer in part.modules() if isinstance(layer, torch.nn.Conv2d)]
    for layer in layers:
        layer._conv_forward = circular_forward(layer, axes)
    try:
        yield
    finally:
        for layer in layers:
            del layer._conv_forward


def circular_forward(layer: torch.nn.Conv2d, axes: str):
    left, right, top, bottom = layer._reversed_padding_repeated_twice
    modes = ["circular" if axis in axes else "constant" for axis in "xy"]

    def forward(sample, weight, bias):
        sample = torch.nn.functional.pad(sample, (left, right, 0, 0), mode=modes[0])
        sample = torch.nn.functional.pad(sample, (0, 0, top, bottom), mode=modes[1])
        return torch.nn.functional.conv2d(sample, weight, bias, layer.stride, 0, layer.dilation, layer.groups)

    return forward
