"""`python -m training.evaluate`: how often a model draws the thing that a held-out prompt asks for.

200 prompts of three kinds are held out: 70 words that no caption uses, 90 colours of things that were never
shown together, and 40 things whose drawings were never shown. Each is drawn once, with the defaults of the
model, and judged by a classifier that was trained on artwork only. Nothing is selected by hand.

Three more sets are drawn: 60 pairs that were never shown side by side, each half judged alone; 200 words that
few images or none were captioned with, but that the text encoder learned; and every taught thing by its plain
word.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from .captions import with_article
from .classifier import rank, train_classifier, trust
from .colours import dominant
from .evaluation_prompts import (
    COUNTS,
    concepts_of,
    held_out_prompts,
    is_same,
    learned_prompts,
    pair_prompts,
    taught_prompts,
)
from .generate_images import generate_images, to_image

HERE = Path(__file__).resolve().parent
PAGE = (
    "a puppy",
    "a kitten",
    "a spaceship",
    "a motorcar",
    "a blue apple",
    "a green rocket",
    "a purple cat",
    "a burger",
    "a guitar",
    "a robot",
    "a sunflower",
    "a smiling face",
)
SEEDS = (0, 1, 2, 3)


def colour_of(image: torch.Tensor) -> str:
    """The colour word of the thing in a generated image (3, h, w) in -1..1 with a white background."""
    pixels = ((image.permute(1, 2, 0).numpy() + 1) * 127.5).astype(np.uint8)
    drawn = (pixels.astype(int).min(-1) < 235).astype(np.uint8) * 255
    found = dominant(np.dstack([pixels, drawn]))
    if found is not None:
        return found[1]
    seen = pixels[drawn > 0].astype(int)
    if not len(seen):
        return "white"
    light = float(np.median(seen.max(-1)))
    return "black" if light < 95 else "gray" if light < 200 else "white"


def _pairs(model: Path, data: Path, names: list[str], judge, **settings) -> dict[str, float]:
    """How often each of two things is recognised in its half, judged by the middle square of the half."""
    prompts = pair_prompts(data)
    texts = [f"{with_article(left)} and {with_article(right)}" for left, right in prompts]
    images = generate_images(model, texts, [0] * len(texts), **settings)
    half = images.shape[-1] // 2
    rows = slice(half // 2, half // 2 + half)
    hits = []
    for side, part in enumerate((images[..., rows, :half], images[..., rows, half:])):
        ranked = rank(judge, part.contiguous())[:, :5].tolist()
        hits.append(
            [
                [is_same(names[number], pair[side]) for number in row]
                for row, pair in zip(ranked, prompts, strict=True)
            ]
        )
    both = list(zip(*hits, strict=True))  # for each prompt, the hits of the left and of the right half
    count = len(prompts)
    return {
        "prompts": count,
        "first": sum(left[0] + right[0] for left, right in both) / 2 / count,
        "first five": sum(any(left) + any(right) for left, right in both) / 2 / count,
        "both among the first five": sum(any(left) and any(right) for left, right in both) / count,
    }


def _shares(prompts: list[dict], ranked: list[list[int]], names: list[str]) -> dict[str, float]:
    """How often a right name comes first, and among the first five."""
    hits = [
        [names[number] in one["names"] for number in row] for one, row in zip(prompts, ranked, strict=True)
    ]
    return {
        "prompts": len(hits),
        "first": sum(hit[0] for hit in hits) / len(hits),
        "first five": sum(any(hit) for hit in hits) / len(hits),
    }


def evaluate(model: Path, data: Path, work: Path, minutes: float, workers: int, **settings) -> dict:
    """The shares by kind of prompt: right first, right among the first five, right colour."""
    names, _drawn = concepts_of(data)
    judge = train_classifier(data, work, minutes, workers)
    taught, prompts = taught_prompts(names), held_out_prompts(data)

    def judged(asked: list[dict]):
        images = generate_images(model, [one["text"] for one in asked], [0] * len(asked), **settings)
        return images, rank(judge, images)[:, :5].tolist()

    images, ranked = judged(prompts)
    found: dict[str, dict[str, float]] = {}
    for kind in (*COUNTS, "all"):
        rows = [at for at, one in enumerate(prompts) if kind in ("all", one["kind"])]
        found[kind] = _shares([prompts[at] for at in rows], [ranked[at] for at in rows], names)
    rows = [at for at, one in enumerate(prompts) if one["colour"]]
    right = sum(colour_of(images[at]) == prompts[at]["colour"] for at in rows)
    found["colours"]["colour"] = right / len(rows)
    found["pairs, each half"] = _pairs(model, data, names, judge, **settings)
    learned = learned_prompts(data, names)
    found["words that the text encoder was told"] = _shares(learned, judged(learned)[1], names)
    found["taught"] = _shares(taught, judged(taught)[1], names)
    first, five = trust(data, judge)
    found["the judge itself, on artwork of a source it has not seen"] = {"first": first, "first five": five}
    return found


def page(model: Path, target: Path) -> None:
    """Writes a sheet of the prompts PAGE, one row for each seed of SEEDS."""
    cell, label = 96, 14
    sheet = Image.new("RGB", (len(PAGE) * cell, len(SEEDS) * cell + label), "white")
    pen = ImageDraw.Draw(sheet)
    for row, seed in enumerate(SEEDS):
        for column, image in enumerate(generate_images(model, list(PAGE), [seed] * len(PAGE))):
            sheet.paste(to_image(image, cell), (column * cell, label + row * cell))
    for column, text in enumerate(PAGE):
        pen.text((column * cell + 2, 1), text.removeprefix("a "), fill="black")
    sheet.save(target, quality=80)


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, default=HERE.parent / "models" / "starter")
    parser.add_argument("--work", type=Path, default=HERE / ".work", help="the data of `python -m training`")
    parser.add_argument("--minutes", type=float, default=6, help="for the classifier, once")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scheduler", default="", help="another of diffusers' classes than the model's own")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--page", type=Path, help="where to write a sheet with seeds 0 to 3")
    options = parser.parse_args()
    if options.page:
        page(options.model, options.page)
    settings = {"num_inference_steps": options.steps, "guidance_scale": options.guidance}
    found = evaluate(
        options.model,
        options.work / "data",
        options.work / "runs",
        options.minutes,
        options.workers,
        scheduler=options.scheduler,
        **{key: value for key, value in settings.items() if value is not None},
    )
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
