"""Draws the sample sheets of the model card, with the exported folder and diffusers."""

from pathlib import Path

from PIL import Image, ImageDraw

from .generate_images import generate_images, to_image
from .taught_things import TAUGHT, plain_word

PROMPTS = (
    "a red apple",
    "a cat",
    "a rocket",
    "a slice of pizza",
    "a house",
    "a blue car",
    "a sunflower",
    "a dog face",
    "a hamburger",
    "an airplane",
    "a guitar",
    "a fish",
    "a smiling face",
    "a tree",
    "a robot",
    "a book",
    "a ghost",
    "a strawberry",
    "a sailboat",
    "a crown",
    "an owl",
    "a cupcake",
    "a butterfly",
    "a light bulb",
)
COMPOSED = (
    "a cat and a dog",
    "a red apple and a green pear",
    "two stars",
    "a robot next to a rocket",
    "a small blue house",
    "a fish on a blue background",
    "a rocket, 3d",
    "a rocket, outline",
    "a rocket, flat",
    "a teal mug",
    "a puppy",
    "a spaceship",
    "a gear",
    "a purple umbrella",
    "line art of a cat",
    "a 3d robot",
    "a shield",
    "a folder",
)
CELL, LABEL = 192, 18


def taught_words() -> tuple[str, ...]:
    """The first plain words of everything that the model was taught, sorted."""
    return tuple(sorted({plain_word(name) for name in TAUGHT}))


def draw_grid(
    model: Path,
    target: Path,
    prompts: tuple[str, ...] = PROMPTS,
    columns: int = 6,
    cell: int = CELL,
    label: int = LABEL,
    quality: int = 88,
) -> None:
    """Draws every prompt with seed 0 and the defaults of the model. No prompt is left out."""
    lines = -(-len(prompts) // columns)
    sheet = Image.new("RGB", (columns * cell, lines * (cell + label)), "white")
    pen = ImageDraw.Draw(sheet)
    for at, image in enumerate(generate_images(model, list(prompts), [0] * len(prompts))):
        left, top = at % columns * cell, at // columns * (cell + label)
        sheet.paste(to_image(image, cell), (left, top))
        if label:
            pen.text((left + 4, top + cell + 3), prompts[at], fill="black")
    sheet.save(target, quality=quality, method=6)


def draw_sheets(model: Path) -> None:
    """Writes the three sheets of the model card."""
    draw_grid(model, model / "grid.webp")
    draw_grid(model, model / "composed.webp", COMPOSED)
    draw_grid(model, model / "things.webp", taught_words(), columns=36, cell=40, label=0, quality=72)
