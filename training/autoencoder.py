"""The autoencoder: AutoencoderTiny with six stages (f = 32) and 32 latent channels.

The autoencoder reduces more than usual, so that the UNet works at 8 x 8 and 4 x 4 for a 256-pixel image.
Latents have unit variance per channel: in training a BatchNorm without weights follows the encoder. For the
export it is folded into the last convolution.
"""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from .captions import load_words
from .image_transforms import move, on_background, to_tensor
from .taught_things import piece_weights
from .trainer import Plan, train

WIDTH = 48
LATENT = 32
CONFIG = {
    "encoder_block_out_channels": [WIDTH] * 6,
    "decoder_block_out_channels": [WIDTH] * 6,
    "num_encoder_blocks": [0, 0, 0, 2, 3, 3],
    "num_decoder_blocks": [3, 3, 3, 2, 1, 0],
    "latent_channels": LATENT,
    "latent_magnitude": 3,
    "latent_shift": 0.5,
    "scaling_factor": 1.0,
}
NOISE = 0.05  # standard deviation added to the latents in training
DRAWN_NOISE = 0.1  # the same for the decoder alone, whose input will be latents of the UNet
RARE = 0.05  # how often a thing that is not taught is shown, relative to one that is
SHARP = 0.6  # share of the time of the decoder stage after which it makes 256 instead of 128 pixels
GROWN = 0.5  # share of the time after which the decoder makes 128 instead of 64 pixels


def _pass_on(convolution: nn.Conv2d, kernel: torch.Tensor) -> None:
    """Initialises a convolution between stages as the identity (with `kernel`) plus a little noise."""
    nn.init.normal_(convolution.weight, 0, 0.2 * (1 / (convolution.in_channels * 9)) ** 0.5)
    for channel in range(convolution.in_channels):
        convolution.weight[channel, channel] += kernel


def _halve(vae: AutoencoderTiny) -> None:
    """Fixes the first two layers of the encoder to the mean of 2 x 2 pixels, which needs no training.

    Latents of 8 x 8 cannot hold more detail than 128 pixels have.
    """
    first, second, third = vae.encoder.layers[:3]
    for layer in (first, second):
        nn.init.zeros_(layer.weight)
        layer.weight.requires_grad_(False)
    nn.init.zeros_(first.bias)
    first.bias.requires_grad_(False)
    for channel in range(3):
        first.weight[channel, channel, 1, 1] = 1
        second.weight[channel, channel, 1:, 1:] = 0.25
    nn.init.normal_(third.weight[:, :3], 0, (1 / 27) ** 0.5)
    nn.init.zeros_(third.weight[:, 3:])


@torch.no_grad()
def _initialise(vae: AutoencoderTiny) -> None:
    """Initialises every stage as nearly the identity: residual branches add little.

    The stack of convolutions then learns from its first step, and a stage that was left out so far can be
    added without harm. The first images are nearly white.
    """
    centre, mean = torch.zeros(3, 3), torch.tensor([1.0, 2.0, 1.0])
    centre[1, 1] = 1
    for part, kernel in ((vae.encoder, mean[:, None] * mean / 16), (vae.decoder, centre)):
        plain = [layer for layer in part.layers if isinstance(layer, nn.Conv2d)]
        for layer in plain[1:-1]:
            _pass_on(layer, kernel)
        for layer in (plain[0], plain[-1]):
            nn.init.normal_(layer.weight, 0, (1 / (layer.in_channels * 9)) ** 0.5)
            nn.init.zeros_(layer.bias)
        for block in part.layers:
            if hasattr(block, "fuse"):
                for at, gain in ((0, 2.0), (2, 2.0), (4, 0.125)):
                    nn.init.normal_(block.conv[at].weight, 0, (gain / (WIDTH * 9)) ** 0.5)
                    nn.init.zeros_(block.conv[at].bias)
    _halve(vae)
    last = vae.decoder.layers[-1]
    last.weight.mul_(0.1)
    last.bias.fill_(0.85)


class Autoencoder(nn.Module):
    """AutoencoderTiny with a normalisation of its latents and a filter for opacity."""

    def __init__(self):
        super().__init__()
        self.vae = AutoencoderTiny(**CONFIG)
        self.norm = nn.BatchNorm2d(LATENT, affine=False, momentum=0.02)
        self.alpha = nn.Conv2d(WIDTH, 1, 3, padding=1)
        _initialise(self.vae)
        self.vae.to(memory_format=torch.channels_last)

    def encode(self, halved: torch.Tensor) -> torch.Tensor:
        """Latents (n, 32, 8, 8) of images that were halved to 128 pixels, in -1..1."""
        layers = self.vae.encoder.layers
        hidden = F.conv2d((halved + 1) / 2, layers[2].weight[:, :3], stride=2, padding=1)
        for layer in layers[3:]:
            hidden = layer(hidden)
        return self.norm(hidden.float())

    def decode(self, z: torch.Tensor, doublings: int = 5) -> torch.Tensor:
        """Colour and opacity (n, 4) in -1..1 at 8 x 2^doublings pixels: later stages are left out, the
        last layer is kept. Opacity is what a fourth filter beside the last layer reads from the same
        features, so that AutoencoderTiny stays as diffusers knows it."""
        layers = self.vae.decoder.layers
        hidden = torch.tanh(z / 3) * 3
        for layer in layers[:-1]:
            if isinstance(layer, nn.Upsample):
                if doublings == 0:
                    break
                doublings -= 1
            hidden = layer(hidden)
        return torch.cat([layers[-1](hidden), self.alpha(hidden)], 1).float() * 2 - 1

    @torch.no_grad()
    def folded(self) -> AutoencoderTiny:
        """The AutoencoderTiny with the normalisation folded into its encoder."""
        vae = AutoencoderTiny(**CONFIG)
        vae.load_state_dict(self.vae.state_dict())
        last = vae.encoder.layers[-1]
        deviation = (self.norm.running_var + self.norm.eps).sqrt()
        last.weight.div_(deviation[:, None, None, None])
        last.bias.copy_((last.bias - self.norm.running_mean) / deviation)
        return vae.eval()


def released_autoencoder(folder: Path) -> Autoencoder:
    """The autoencoder of a released model, whose encoder includes the normalisation."""
    model = Autoencoder()
    model.vae.load_state_dict(AutoencoderTiny.from_pretrained(folder / "vae").state_dict())
    opacity = folder / "vae" / "opacity.safetensors"
    if opacity.exists():
        model.alpha.load_state_dict(load_file(opacity))
    return model


def _gradients(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def image_loss(made: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """L1 and L2, plus L1 of the gradients (edges), plus L1 of 4 x 4 and 16 x 16 means (flat colour).

    Images are colour and opacity (n, 4, side, side); opacity counts as much as each colour. L1 alone leaves
    small details out (such as eyes) as long as their place is uncertain: hence L2.
    """
    error = made - real
    loss = error.abs().mean() + error.square().mean()
    for edge_made, edge_real in zip(_gradients(made), _gradients(real), strict=True):
        loss = loss + 0.5 * (edge_made - edge_real).abs().mean()
    for size in (4, 16):
        loss = loss + 0.25 * F.avg_pool2d(error, size).abs().mean()
    return loss


def halve_artwork(data: Path) -> np.ndarray:
    """The artwork at 128 pixels, (n, 128, 128, 4) uint8, made once."""
    target = data / "artwork-128.npy"
    if not target.exists():
        artwork = np.load(data / "artwork.npy", mmap_mode="r")
        small = np.zeros((len(artwork), 128, 128, 4), np.uint8)
        for at, rgba in enumerate(artwork):
            image = Image.fromarray(np.array(rgba), "RGBA").convert("RGBa")
            small[at] = np.asarray(image.reduce(2).convert("RGBA"))
        np.save(data / "artwork-128.tmp.npy", small)
        (data / "artwork-128.tmp.npy").rename(target)
    return np.load(target, mmap_mode="r")


def _shown(data: Path) -> np.ndarray:
    """The cumulative probabilities of the pieces, (n,)."""
    weights = piece_weights(load_words(data), RARE, {})
    return np.cumsum(weights / weights.sum())


def _batch(artwork: np.ndarray, shown: np.ndarray, rng: np.random.Generator, count: int) -> torch.Tensor:
    """Pictures and their opacity (count, 4, side, side) in -1..1."""
    rows = np.sort(np.searchsorted(shown, rng.random(count)).clip(max=len(artwork) - 1))
    colour, alpha = to_tensor(np.array(artwork[rows]))
    roll, mirror = rng.random(), rng.random(count) < 0.5
    if roll < 0.25:
        scale, shift = rng.uniform(0.7, 1.08, count), rng.uniform(-0.06, 0.06, (count, 2))
        colour, alpha = move(colour, alpha, scale, shift, mirror)
    elif roll < 0.45:  # two of them side by side
        scale, side = np.full(count, 0.49), np.array([[0.25, 0.0]] * count)
        colour, alpha = move(colour, alpha, scale, side, mirror)
        mirrored = [part.roll(1, 0).flip(3) for part in (colour, alpha)]
        colour, alpha = colour + mirrored[0], alpha + mirrored[1]
    elif roll < 0.7:
        colour, alpha = colour.flip(3), alpha.flip(3)
    if rng.random() < 0.25:
        colour = colour[:, torch.from_numpy(rng.permutation(3))]
    background = np.where(rng.random((count, 1)) < 0.85, 1.0, rng.random((count, 3)))
    image = on_background(colour, alpha, torch.from_numpy(background).float())
    return torch.cat([image, alpha * 2 - 1], 1)


def train_autoencoder(
    start: Autoencoder, data: Path, work: Path, minutes: float, workers: int, continued: bool = False
) -> Autoencoder:
    """Trains (or continues) encoder and decoder from `start`; loss in image units of -1..1. The rate that
    suits a fresh start would undo what a trained one knows (`continued`).

    The decoder grows: it first learns 64-pixel images, where most of the meaning of the latents is
    settled for a tenth of the cost, then 128 pixels; `train_decoder` adds the last doubling.
    """
    small, shown = halve_artwork(data), _shown(data)
    batch = 8

    def loss_of(model: Autoencoder, rng: np.random.Generator, progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        real = _batch(small, shown, rng, batch).to(device).contiguous(memory_format=torch.channels_last)
        latents = model.encode(real[:, :3])
        doublings = 3 if progress < GROWN else 4
        made = model.decode(latents + NOISE * torch.randn_like(latents), doublings)
        return image_loss(made, F.avg_pool2d(real, 2) if doublings == 3 else real)

    plan = Plan(
        "autoencoder",
        minutes,
        lr=5e-4 if continued else 1.2e-3,
        batch=batch,
        warmup_samples=600,
        decay=0.6,
        ema=3000,
        weight_decay=0.0,
        workers=workers,
        betas=(0.9, 0.99),
    )
    return _measure_latents(train(start, plan, loss_of, work), small, shown)


@torch.no_grad()
def _measure_latents(model: Autoencoder, small: np.ndarray, shown: np.ndarray) -> Autoencoder:
    """Measures the mean and variance of the latents again, now with the averaged weights."""
    device, rng = next(model.parameters()).device, np.random.default_rng(0)
    model.norm.reset_running_stats()
    model.norm.momentum = None  # the mean of all batches
    model.norm.train()
    for _ in range(60):
        real = _batch(small, shown, rng, 16).to(device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            model.encode(real[:, :3])
    return model.eval()


def train_decoder(data: Path, work: Path, trained: Autoencoder, minutes: float, workers: int) -> Autoencoder:
    """Trains the decoder at 128, then 256 pixels. The encoder is frozen, so latents do not change."""
    artwork, small = np.load(data / "artwork.npy", mmap_mode="r"), halve_artwork(data)
    shown = _shown(data)
    batch = 4
    model = Autoencoder()
    model.load_state_dict(trained.state_dict())
    model.vae.encoder.requires_grad_(False)
    model.norm.eval()

    def loss_of(model: Autoencoder, rng: np.random.Generator, progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        sharp = progress > SHARP
        real = _batch(artwork if sharp else small, shown, rng, batch).to(device)
        real = real.contiguous(memory_format=torch.channels_last)
        model.norm.eval()
        with torch.no_grad():
            latents = model.encode(F.avg_pool2d(real[:, :3], 2) if sharp else real[:, :3])
        made = model.decode(latents + DRAWN_NOISE * torch.randn_like(latents), 5 if sharp else 4)
        return image_loss(made, real)

    plan = Plan(
        "decoder",
        minutes,
        lr=4e-4,
        batch=batch,
        warmup_samples=300,
        decay=0.7,
        ema=1500,
        weight_decay=0.0,
        workers=workers,
        betas=(0.9, 0.99),
    )
    return train(model, plan, loss_of, work)
