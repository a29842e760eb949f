"""`python -m training.measure`: how often a model draws the thing that a held-out prompt asks for.

200 prompts of three kinds: 70 words that no caption uses, 90 colours of things that were never shown
together, and 40 things whose drawings were never shown. Each is drawn once, with the model's own
defaults, and judged by a classifier that has seen artwork only. Nothing is chosen. Apart from these,
60 pairs that were never shown side by side are drawn, and each half is judged alone; 200 words that no
or few pictures were captioned with but that the text encoder was told; and, to tell how much the model has learned
of what it was taught, every taught thing by its plain word.
"""

import argparse
import json
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
COUNTS = {"words": 70, "colours": 90, "things": 40}
PAIRS = 60
LEARNED = 200
PAGE = ("a puppy", "a kitten", "a spaceship", "a motorcar", "a blue apple", "a green rocket",
        "a purple cat", "a burger", "a guitar", "a robot", "a sunflower", "a smiling face")
SEEDS = (0, 1, 2, 3)


def _same(name: str, target: str) -> bool:
    return name == target or name.removesuffix(" face") == target


def held_out_prompts(data: Path) -> list[dict]:
    """The prompts: `kind`, `text`, the concepts' `names` that are right, and the `colour` asked for."""
    import numpy as np

    from .captions import COLOUR, with_article
    from .classifier import concepts_of
    from .colours import TARGETS, dominant
    from .held_out import PHRASINGS, colour_is_held_out, thing_is_held_out
    from .nouns import COMMON

    names, drawn = concepts_of(data)
    pieces = json.loads((data / "artwork.json").read_text())
    artwork = np.load(data / "artwork-128.npy", mmap_mode="r")

    def of_one_colour(name: str) -> bool:
        emoji = [number for number in drawn[name] if pieces[number]["source"] == "fluent"]
        return bool(emoji) and pieces[emoji[0]]["group"] != 0 and dominant(np.array(artwork[emoji[0]])) is not None

    plain = sorted(name for name in names if name in COMMON and not name.endswith(" face") and of_one_colour(name))
    words = [{"kind": "words", "text": with_article(word), "names": [name for name in names if _same(name, target)],
              "colour": ""} for word, target in PHRASINGS.items()]
    colours = [{"kind": "colours", "text": with_article(f"{colour} {COLOUR.sub('', name)}"),
                "names": [name, *(["red apple", "green apple"] if "apple" in name.split() else [])], "colour": colour}
               for name in plain for colour in TARGETS if colour_is_held_out(colour, name)]
    things = [{"kind": "things", "text": with_article(name), "names": [name], "colour": ""}
              for name in names if thing_is_held_out(name) and len(name.split()) < 3 and "face" not in name]
    chosen = []
    for kind in (words, colours, things):
        kind = [one for one in kind if one["names"]]
        order = np.random.default_rng(0).permutation(len(kind))[: COUNTS[kind[0]["kind"]]]
        chosen += [kind[at] for at in sorted(order)]
    return chosen


def pair_prompts(data: Path) -> list[tuple[str, str]]:
    """The names of two common things that no picture shows in this order."""
    import numpy as np

    from .captions import clean
    from .classifier import concepts_of
    from .nouns import COMMON

    names, _drawn = concepts_of(data)
    pieces = json.loads((data / "artwork.json").read_text())
    shown = {(clean(pieces[note["piece"]]["name"]), clean(pieces[note["other"]]["name"]))
             for note in json.loads((data / "latents.json").read_text()) if note.get("other") is not None}
    plain = sorted(name for name in names if name in COMMON and "face" not in name and len(name.split()) < 3)
    rng, chosen = np.random.default_rng(1), []
    while len(chosen) < PAIRS:
        left, right = (str(name) for name in rng.choice(plain, 2, replace=False))
        if (left, right) not in shown:
            chosen.append((left, right))
    return chosen


def colour_of(picture) -> str:
    """The colour word of a generated picture's thing on its white background."""
    import numpy as np

    from .colours import dominant

    pixels = ((picture.permute(1, 2, 0).numpy() + 1) * 127.5).astype(np.uint8)
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
    """How often each of two things stands where it should, by the halves' middle squares."""
    from .captions import with_article
    from .classifier import rank
    from .draw import draw

    prompts = pair_prompts(data)
    texts = [f"{with_article(left)} and {with_article(right)}" for left, right in prompts]
    pictures = draw(model, texts, [0] * len(texts), **settings)
    half = pictures.shape[-1] // 2
    rows = slice(half // 2, half // 2 + half)
    hits = []
    for side, part in enumerate((pictures[..., rows, :half], pictures[..., rows, half:])):
        ranked = rank(judge, part.contiguous())[:, :5].tolist()
        hits.append([[_same(names[number], pair[side]) for number in row]
                     for row, pair in zip(ranked, prompts, strict=True)])
    first, second = hits
    count = len(prompts)
    return {"prompts": count, "first": sum(a[0] + b[0] for a, b in zip(first, second, strict=True)) / 2 / count,
            "first five": sum(any(a) + any(b) for a, b in zip(first, second, strict=True)) / 2 / count,
            "both among the first five": sum(any(a) and any(b) for a, b in zip(first, second, strict=True)) / count}


def learned_prompts(data: Path, names: list[str]) -> list[dict]:
    """Common words that few captions or none used, but that the text encoder learned to take for a taught thing."""
    import numpy as np

    from .captions import with_article
    from .nearest import COMMON_WORD

    known = {word: plain for word, (plain, weight) in json.loads((data / "nearest.json").read_text()).items()
             if weight == COMMON_WORD}
    right = {prompt["text"]: prompt["names"] for prompt in taught_prompts(names)}
    words = sorted(word for word, plain in known.items() if with_article(plain) in right)
    chosen = np.random.default_rng(2).choice(words, LEARNED, replace=False)
    return [{"text": with_article(str(word)), "names": right[with_article(known[word])]} for word in chosen]


def taught_prompts(names: list[str]) -> list[dict]:
    """Every taught thing that the judge knows, by its plain word."""
    from .captions import with_article
    from .nouns import TAUGHT, plain_word

    def prompt(name: str) -> dict:
        word = plain_word(name)
        return {"text": with_article(word), "names": [one for one in names if one == name or _same(one, word)]}

    return [prompt(name) for name in names if name in TAUGHT]


def _shares(prompts: list[dict], ranked: list[list[int]], names: list[str]) -> dict[str, float]:
    """How often what was asked for is the judge's first thought, and among its first five."""
    hits = [[names[number] in one["names"] for number in row] for one, row in zip(prompts, ranked, strict=True)]
    return {"prompts": len(hits), "first": sum(hit[0] for hit in hits) / len(hits),
            "first five": sum(any(hit) for hit in hits) / len(hits)}


def measure(model: Path, data: Path, work: Path, minutes: float, workers: int, **settings) -> dict:
    """The shares by kind of prompt: right at first, right among the first five, right colour."""
    from .classifier import concepts_of, rank, train_classifier, trust
    from .draw import draw

    names, _drawn = concepts_of(data)
    judge = train_classifier(data, work, minutes, workers)
    taught, prompts = taught_prompts(names), held_out_prompts(data)

    def judged(asked: list[dict]):
        pictures = draw(model, [one["text"] for one in asked], [0] * len(asked), **settings)
        return pictures, rank(judge, pictures)[:, :5].tolist()

    pictures, ranked = judged(prompts)
    found: dict[str, dict[str, float]] = {}
    for kind in (*COUNTS, "all"):
        rows = [at for at, one in enumerate(prompts) if kind in ("all", one["kind"])]
        found[kind] = _shares([prompts[at] for at in rows], [ranked[at] for at in rows], names)
    rows = [at for at, one in enumerate(prompts) if one["colour"]]
    found["colours"]["colour"] = sum(colour_of(pictures[at]) == prompts[at]["colour"] for at in rows) / len(rows)
    found["pairs, each half"] = _pairs(model, data, names, judge, **settings)
    learned = learned_prompts(data, names)
    found["words that the text encoder was told"] = _shares(learned, judged(learned)[1], names)
    found["taught"] = _shares(taught, judged(taught)[1], names)
    first, five = trust(data, judge)
    found["the judge itself, on artwork of a source it has not seen"] = {"first": first, "first five": five}
    return found


def page(model: Path, target: Path) -> None:
    """A sheet of PAGE's prompts, one line of pictures per seed of SEEDS."""
    from PIL import Image, ImageDraw

    from .draw import draw, to_image

    cell, label = 96, 14
    sheet = Image.new("RGB", (len(PAGE) * cell, len(SEEDS) * cell + label), "white")
    pen = ImageDraw.Draw(sheet)
    for row, seed in enumerate(SEEDS):
        for column, picture in enumerate(draw(model, list(PAGE), [seed] * len(PAGE))):
            sheet.paste(to_image(picture, cell), (column * cell, label + row * cell))
    for column, text in enumerate(PAGE):
        pen.text((column * cell + 2, 1), text.removeprefix("a "), fill="black")
    sheet.save(target, quality=80)


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.measure", description=__doc__)
    parser.add_argument("--model", type=Path, default=HERE.parent / "models" / "starter")
    parser.add_argument("--work", type=Path, default=HERE / ".work", help="the data of `python -m training`")
    parser.add_argument("--minutes", type=float, default=6, help="for the classifier, once")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scheduler", default="", help="another of diffusers' classes than the model's own")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--page", type=Path, help="where to write a sheet with seeds 0 to 3")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if options.page:
        page(options.model, options.page)
    settings = {"num_inference_steps": options.steps, "guidance_scale": options.guidance}
    found = measure(options.model, options.work / "data", options.work / "runs", options.minutes, options.workers,
                    scheduler=options.scheduler, **{key: value for key, value in settings.items() if value is not None})
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
