"""Draws the sheets beside the model's card, with the shipped folder and diffusers."""

import json
from pathlib import Path

import torch
from PIL import Image, ImageDraw

from .nouns import PLAIN, TAUGHT

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
TOGETHER = 16  # pictures drawn at once


def things() -> tuple[str, ...]:
    """Everything that the model was taught, by its plain word."""
    return tuple(sorted({PLAIN[name].split(", ")[0] if name in PLAIN else name for name in TAUGHT}))


def draw_grid(model: Path, target: Path, prompts: tuple[str, ...] = PROMPTS, columns: int = 6, cell: int = CELL,
              label: int = LABEL, quality: int = 88) -> None:
    """Draws every prompt with seed 0 and the model's own defaults; nothing is chosen."""
    from diffusers import DiffusionPipeline

    pipeline = DiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    defaults = json.loads((model / "easel.json").read_text())
    settings = {key: defaults[key] for key in ("num_inference_steps", "guidance_scale", "width", "height")}
    lines = -(-len(prompts) // columns)
    sheet = Image.new("RGB", (columns * cell, lines * (cell + label)), "white")
    pen = ImageDraw.Draw(sheet)
    for start in range(0, len(prompts), TOGETHER):
        together = list(prompts[start : start + TOGETHER])
        generators = [torch.Generator("cpu").manual_seed(0) for _ in together]
        for at, image in enumerate(pipeline(together, generator=generators, **settings).images, start):
            left, top = at % columns * cell, at // columns * (cell + label)
            sheet.paste(image.resize((cell, cell), Image.Resampling.LANCZOS), (left, top))
            if label:
                pen.text((left + 4, top + cell + 3), prompts[at], fill="black")
    sheet.save(target, quality=quality, method=6)


def draw_sheets(model: Path) -> None:
    """The three sheets beside the model's card."""
    draw_grid(model, model / "grid.webp")
    draw_grid(model, model / "composed.webp", COMPOSED)
    draw_grid(model, model / "things.webp", things(), columns=36, cell=40, label=0, quality=72)
