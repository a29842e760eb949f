"""Draws the grid of 24 prompts beside the model's card, with the shipped folder and diffusers."""

import json
from pathlib import Path

import torch
from PIL import Image, ImageDraw

PROMPTS = (
    "a red apple", "a cat", "a rocket", "a slice of pizza", "a house", "a blue car",
    "a sunflower", "a dog face", "a hamburger", "an airplane", "a guitar", "a fish",
    "a smiling face", "a tree", "a robot", "a book", "a ghost", "a strawberry",
    "a sailboat", "a crown", "an owl", "a cupcake", "a butterfly", "a light bulb",
)
COMPOSED = (
    "a cat and a dog", "a red apple and a green pear", "two stars", "a robot next to a rocket",
    "a small blue house", "a fish on a blue background", "a rocket, 3d", "a rocket, outline",
    "a rocket, flat", "a teal mug", "a puppy", "a spaceship", "a gear", "a purple umbrella",
    "line art of a cat", "a 3d robot", "a shield", "a folder",
)
CELL, LABEL = 192, 18


def draw_grid(model: Path, target: Path, prompts: tuple[str, ...] = PROMPTS, seed: int = 0,
              columns: int = 6, scheduler=None, **overrides) -> None:
    """Draws every prompt with the same seed and the model's own defaults; nothing is chosen."""
    from diffusers import DiffusionPipeline

    pipeline = DiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    if scheduler is not None:
        pipeline.scheduler = scheduler
    defaults = json.loads((model / "easel.json").read_text())
    settings = {key: defaults[key] for key in ("num_inference_steps", "guidance_scale", "width", "height")}
    settings.update(overrides)
    lines = -(-len(prompts) // columns)
    sheet = Image.new("RGB", (columns * CELL, lines * (CELL + LABEL)), "white")
    pen = ImageDraw.Draw(sheet)
    for at, prompt in enumerate(prompts):
        generator = torch.Generator("cpu").manual_seed(seed)
        image = pipeline(prompt, generator=generator, **settings).images[0]
        left, top = at % columns * CELL, at // columns * (CELL + LABEL)
        sheet.paste(image.resize((CELL, CELL), Image.Resampling.LANCZOS), (left, top))
        pen.text((left + 4, top + CELL + 3), prompt, fill="black")
    sheet.save(target, quality=88)
