"""Draws with a diffusers folder and its own defaults, as the sheets and the measure need it."""

import json
from pathlib import Path

import torch
from PIL import Image

TOGETHER = 8  # pictures drawn at once


def draw(model: Path, prompts: list[str], seeds: list[int], scheduler: str = "", **overrides) -> torch.Tensor:
    """The pictures (n, 3, side, side) in -1..1, each with its own seed and the model's defaults, or with
    another of diffusers' schedulers and other settings."""
    import diffusers

    pipeline = diffusers.DiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    defaults = json.loads((model / "easel.json").read_text())
    settings = {key: defaults[key] for key in ("num_inference_steps", "guidance_scale", "width", "height")}
    settings.update(overrides)
    if scheduler:
        pipeline.scheduler = getattr(diffusers, scheduler).from_config(pipeline.scheduler.config)
    made = []
    for start in range(0, len(prompts), TOGETHER):
        together = slice(start, start + TOGETHER)
        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds[together]]
        made.append(pipeline(prompts[together], generator=generators, output_type="pt", **settings).images)
    return torch.cat(made) * 2 - 1


def to_image(picture: torch.Tensor, side: int) -> Image.Image:
    """One of those pictures at `side` pixels."""
    pixels = ((picture.permute(1, 2, 0).numpy() + 1) * 127.5).round().astype("uint8")
    return Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
