"""Generates images with a diffusers folder and its defaults, for the sheets and the evaluation."""

import json
from pathlib import Path

import diffusers
import torch
from PIL import Image

BATCH = 8  # images per call of the pipeline


def generate_images(
    model: Path, prompts: list[str], seeds: list[int], scheduler: str = "", **overrides
) -> torch.Tensor:
    """The images (n, 3, height, width) in -1..1, one for each prompt and seed.

    `scheduler` names another scheduler class of diffusers than the model's; `overrides` replace its defaults.
    """
    pipeline = diffusers.DiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    defaults = json.loads((model / "easel.json").read_text())
    settings = {key: defaults[key] for key in ("num_inference_steps", "guidance_scale", "width", "height")}
    settings.update(overrides)
    if scheduler:
        pipeline.scheduler = getattr(diffusers, scheduler).from_config(pipeline.scheduler.config)
    made = []
    for start in range(0, len(prompts), BATCH):
        together = slice(start, start + BATCH)
        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds[together]]
        made.append(pipeline(prompts[together], generator=generators, output_type="pt", **settings).images)
    return torch.cat(made) * 2 - 1


def to_image(image: torch.Tensor, side: int) -> Image.Image:
    """One of these images at `side` pixels."""
    pixels = ((image.permute(1, 2, 0).numpy() + 1) * 127.5).round().astype("uint8")
    return Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
