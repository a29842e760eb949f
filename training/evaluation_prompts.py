"""The prompts of the evaluation, and the names of the artwork that are right for each."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from .assign_words import ASSIGNMENTS, COMMON_WORD
from .captions import COLOUR, clean, with_article
from .colours import TARGETS, dominant
from .held_out_split import PHRASINGS, colour_is_held_out, thing_is_held_out
from .taught_things import COMMON, TAUGHT, plain_word

COUNTS = {"words": 70, "colours": 90, "things": 40}
PAIRS = 60
LEARNED = 200
LINES = "fluentline"  # black and white, so not comparable with images in colour
GROUPS = (0, 3, 4, 5, 6, 7)  # emoji groups of things and faces; there are no prompts for people and symbols


def concepts_of(data: Path) -> tuple[list[str], dict[str, list[int]]]:
    """The names that at least three sources have, sorted, and the numbers of the pieces of each."""
    pieces = json.loads((data / "artwork.json").read_text())
    drawn: dict[str, list[int]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        if piece["group"] in GROUPS and piece["source"] != LINES:
            drawn[clean(piece["name"])].append(number)
    kept = {
        name: numbers
        for name, numbers in drawn.items()
        if len({pieces[number]["source"] for number in numbers}) >= 3
    }
    return sorted(kept), kept


def is_same(name: str, target: str) -> bool:
    """Whether a name of the artwork means `target`: "cat face" is a cat."""
    return name == target or name.removesuffix(" face") == target


def held_out_prompts(data: Path) -> list[dict]:
    """The held-out prompts: `kind`, `text`, the concept `names` that are right, and the `colour` or ""."""
    names, drawn = concepts_of(data)
    pieces = json.loads((data / "artwork.json").read_text())
    artwork = np.load(data / "artwork-128.npy", mmap_mode="r")

    def of_one_colour(name: str) -> bool:
        emoji = [number for number in drawn[name] if pieces[number]["source"] == "fluent"]
        return (
            bool(emoji)
            and pieces[emoji[0]]["group"] != 0
            and dominant(np.array(artwork[emoji[0]])) is not None
        )

    plain = sorted(
        name for name in names if name in COMMON and not name.endswith(" face") and of_one_colour(name)
    )
    words = [
        {
            "kind": "words",
            "text": with_article(word),
            "names": [name for name in names if is_same(name, target)],
            "colour": "",
        }
        for word, target in PHRASINGS.items()
    ]
    colours = [
        {
            "kind": "colours",
            "text": with_article(f"{colour} {COLOUR.sub('', name)}"),
            "names": [name, *(["red apple", "green apple"] if "apple" in name.split() else [])],
            "colour": colour,
        }
        for name in plain
        for colour in TARGETS
        if colour_is_held_out(colour, name)
    ]
    things = [
        {"kind": "things", "text": with_article(name), "names": [name], "colour": ""}
        for name in names
        if thing_is_held_out(name) and len(name.split()) < 3 and "face" not in name
    ]
    chosen = []
    for kind in (words, colours, things):
        kind = [one for one in kind if one["names"]]
        order = np.random.default_rng(0).permutation(len(kind))[: COUNTS[kind[0]["kind"]]]
        chosen += [kind[at] for at in sorted(order)]
    return chosen


def pair_prompts(data: Path) -> list[tuple[str, str]]:
    """Pairs of names of common things that no training image shows in this order."""
    names, _drawn = concepts_of(data)
    pieces = json.loads((data / "artwork.json").read_text())
    shown = {
        (clean(pieces[note["piece"]]["name"]), clean(pieces[note["other"]]["name"]))
        for note in json.loads((data / "latents.json").read_text())
        if note.get("other") is not None
    }
    plain = sorted(name for name in names if name in COMMON and "face" not in name and len(name.split()) < 3)
    rng, chosen = np.random.default_rng(1), []
    while len(chosen) < PAIRS:
        left, right = (str(name) for name in rng.choice(plain, 2, replace=False))
        if (left, right) not in shown:
            chosen.append((left, right))
    return chosen


def learned_prompts(data: Path, names: list[str]) -> list[dict]:
    """Common words that few captions or none used, but that the text encoder learned."""
    known = {
        word: plain
        for word, (plain, weight) in json.loads((data / ASSIGNMENTS).read_text()).items()
        if weight == COMMON_WORD
    }
    right = {prompt["text"]: prompt["names"] for prompt in taught_prompts(names)}
    words = sorted(word for word, plain in known.items() if with_article(plain) in right)
    chosen = np.random.default_rng(2).choice(words, LEARNED, replace=False)
    return [{"text": with_article(str(word)), "names": right[with_article(known[word])]} for word in chosen]


def taught_prompts(names: list[str]) -> list[dict]:
    """Prompts for every taught thing that the judge knows, by its plain word."""

    def prompt(name: str) -> dict:
        word = plain_word(name)
        return {
            "text": with_article(word),
            "names": [one for one in names if one == name or is_same(one, word)],
        }

    return [prompt(name) for name in names if name in TAUGHT]
