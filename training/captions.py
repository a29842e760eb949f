"""Captions in plain words, from names, tags and styles."""

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .colours import BACKGROUNDS, TARGETS
from .held_out_split import phrase_is_held_out
from .sources import SOURCES
from .taught_things import COMMON, PLAIN, TAUGHT

STYLES = {source.key: (source.styles, source.said) for source in SOURCES}
COLOUR = re.compile(r"\b(" + "|".join([*TARGETS, "grey", "violet"]) + r")\b ?")
NOISE = re.compile(
    r"\b(clipart by|nicu buculei|by architetto|architetto|simple icon|contour|the structure of)\b"
)
TEMPLATES = {
    "fluentflat": (
        "flat vector icon of {}, simple shapes, solid colors, centered, white background",
        "sticker of {}, thick white outline, bold colors, flat shading, plain background",
    ),
    "fluent3d": ("isometric illustration of {}, clean 3d render, soft light, plain background",),
    "fluentline": (
        "black and white line art of {}, clean ink outlines, minimal, white background",
        "pencil sketch of {}, graphite on paper, hatching, loose lines",
    ),
}
"""What the built-in styles of Easel make of a prompt."""
NEGATIVES = (
    "photo, realistic, gradient, shadow, texture, text, clutter",
    "photo, perspective distortion, text, blurry, clutter",
    "color, shading, photo, gray, blurry, text",
    "photo, realistic, clutter, text, blurry",
    "color, photo, 3d render, blurry, text",
    "blurry, low quality",
    "text, watermark",
    "bad quality, deformed",
)
"""Negative prompts of these styles and usual ones. The model learns that they mean nothing."""
TEMPLATED = 0.07  # share of captions that use one of TEMPLATES
TAUGHT_TAGS = 0.3  # factor for the tags of taught things, whose plain words are better (apple has "diet")
SPECIFIC = 4  # a tag that at most this many things have may name one of them


@dataclass
class Words:
    """The names of one piece: phrases with weights (the first is its own name), and vague tags to add."""

    source: str
    group: int
    phrases: list[str]
    weights: list[float]
    vague: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """A name or tag in lower case, without punctuation and credits."""
    text = re.sub(r"[“”\"!?#*]", "", NOISE.sub(" ", text.lower().replace("’", "'")))
    text = text.replace(":", ",").replace("_", " ")
    return re.sub(r"\s+", " ", text).strip(" ,.-")


def load_words(data: Path) -> list[Words]:
    """The words of every rendered piece, in the order of artwork.npy.

    Uses data/neighbours.json (further names, see synonyms.py) where it exists.
    """
    pieces = json.loads((data / "artwork.json").read_text())
    extra_path = data / "neighbours.json"
    extra = json.loads(extra_path.read_text()) if extra_path.exists() else {}
    owners: dict[str, set[str]] = {}
    for piece in pieces:
        for tag in piece["tags"]:
            owners.setdefault(clean(tag), set()).add(clean(piece["name"]))
    listed = []
    for piece in pieces:
        name = clean(piece["name"])
        options = Counter({name: 1.0})
        options.update(dict.fromkeys(PLAIN.get(name, []), 1.0))
        tags = TAUGHT_TAGS if name in TAUGHT else 1.0
        vague = []
        for tag in dict.fromkeys(clean(tag) for tag in piece["tags"]):
            if not tag or tag == name or len(tag) > 30:
                continue
            sharing = len(owners[tag])
            if sharing <= SPECIFIC:
                options[tag] += tags * (0.35 if " " in tag else 0.2) / sharing
            else:
                vague.append(tag)
        near = extra.get(name, [])
        for word in near:
            options[word] += 0.3 / (1 + len(near))
        whole = name.removesuffix(" face")
        if whole != name and whole not in COMMON and piece["group"] == 3:
            options[whole] += 0.3
        shown = {
            text: weight for text, weight in options.items() if text == name or not phrase_is_held_out(text)
        }
        vague = [text for text in vague if not phrase_is_held_out(text)]
        listed.append(Words(piece["source"], piece["group"], list(shown), list(shown.values()), vague))
    return listed


def with_article(phrase: str) -> str:
    """The phrase with "a" or "an" before it."""
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def _maybe_with_article(phrase: str, rng: random.Random) -> str:
    if rng.random() < 0.45 or phrase.startswith(("a ", "an ", "the ")):
        return phrase
    return with_article(phrase)


def plural(phrase: str) -> str:
    """The plural of the phrase."""
    if phrase.endswith(("s", "x", "ch", "sh")):
        return phrase + "es"
    if phrase.endswith("y") and phrase[-2:-1] not in "aeou":
        return phrase[:-1] + "ies"
    return phrase + "s"


def _coloured(words: Words, note: dict, rng: random.Random, side: str = "") -> str:
    """A phrase with the colour that the piece was changed to (always) or has by itself (sometimes)."""
    phrase = rng.choices(words.phrases, words.weights)[0]
    colour, natural = note[f"{side}colour"], note[f"{side}natural"]
    if note["moved"] and rng.random() < 0.5:  # a prompt for a sketch need not name the colours of the sketch
        colour = natural = ""
    if colour:
        return f"{colour} {COLOUR.sub('', phrase).strip() or words.phrases[0]}"
    if natural and rng.random() < 0.2 and not COLOUR.search(phrase):
        return f"{natural} {phrase}"
    return phrase


def _styled(phrase: str, source: str, rng: random.Random) -> str:
    """The phrase, sometimes with an article and, as often as its source says, with its style."""
    styles, said = STYLES[source]
    if source in TEMPLATES and rng.random() < TEMPLATED:
        return rng.choice(TEMPLATES[source]).format(_maybe_with_article(phrase, rng))
    if rng.random() >= said:
        roll = rng.random()
        if roll < 0.05:
            return f"a picture of {_maybe_with_article(phrase, rng)}"
        if roll < 0.12:
            return f"{phrase} {rng.choice(('icon', 'illustration'))}"
        return _maybe_with_article(phrase, rng)
    style = rng.choice(styles)
    roll = rng.random()
    if roll < 0.45:
        return f"{_maybe_with_article(phrase, rng)}, {style}"
    if roll < 0.55:
        return f"{_maybe_with_article(phrase, rng)} in {style} style"
    if style.startswith(("outline", "line", "drawing", "clip", "cartoon", "3d render")) and roll < 0.7:
        return f"{style} of {_maybe_with_article(phrase, rng)}"
    return _maybe_with_article(f"{style} {phrase}", rng)


def caption(words: list[Words], note: dict, rng: random.Random) -> str:
    """One random caption of a `note` (see variants.py).

    It tells the name of the thing, its colour if that was changed, whether it is small, the thing beside it,
    its style and its background.
    """
    own = words[note["piece"]]
    phrase = _coloured(own, note, rng)
    if note["other"] == note["piece"]:
        text = f"two {plural(phrase)}"
    elif note["other"] is not None:
        other = _coloured(words[note["other"]], note, rng, "other_")
        between = rng.choices((" and ", " next to ", " beside ", ", "), (7, 1.5, 1, 0.5))[0]
        articles = rng.random() < 0.75
        text = between.join(with_article(one) if articles else one for one in (phrase, other))
        if own.source != "fluentflat":
            text += ", " + rng.choice(STYLES[own.source][0])
    else:
        if note["small"]:
            phrase = f"{rng.choice(('small', 'tiny', 'little'))} {phrase}"
        elif own.vague and not note["colour"] and rng.random() < 0.05:
            phrase = f"{phrase}, {rng.choice(own.vague)}"
        text = _styled(phrase, own.source, rng)
    if note["ground"]:
        text += rng.choice((f" on a {note['ground']} background", f", {note['ground']} background"))
    elif rng.random() < 0.05:
        text += rng.choice((" on a white background", ", white background"))
    return text


def plain_note(piece: int) -> dict:
    """The note of a piece as drawn."""
    return {
        "piece": piece,
        "colour": "",
        "natural": "",
        "small": False,
        "moved": False,
        "ground": "",
        "other": None,
        "other_colour": "",
        "other_natural": "",
    }


@dataclass(frozen=True)
class NoteOdds:
    """The probability that a random note has a colour, is small, and so on. 0 draws no random number."""

    colour: float
    ground: float
    other: float
    small: float = 0
    other_colour: float = 0


EXAMPLE_ODDS = NoteOdds(colour=0.35, ground=0.1, other=0.25, other_colour=0.3)


def random_note(piece: int, others: list[int], odds: NoteOdds, rng: random.Random) -> dict:
    """A note of a piece with a random colour, size, background and other piece (one of `others`)."""
    note = plain_note(piece)
    note["colour"] = rng.choice(TARGETS) if rng.random() < odds.colour else ""
    if odds.small:
        note["small"] = rng.random() < odds.small
    note["ground"] = rng.choice(list(BACKGROUNDS)) if rng.random() < odds.ground else ""
    if rng.random() < odds.other:
        note["other"] = rng.choice(others)
        if odds.other_colour:
            note["other_colour"] = rng.choice(TARGETS) if rng.random() < odds.other_colour else ""
    return note


def example_phrases(data: Path, rng: random.Random, each: int) -> list[str]:
    """Captions as the model will see them, `each` per piece and six times as many for taught things.

    Colours, backgrounds and the other thing of a pair are random. The names and tags of all pieces are added.
    """
    made: dict[str, None] = {}
    listed = load_words(data)
    taught = [at for at, words in enumerate(listed) if words.phrases[0] in TAUGHT]
    for at in [*range(len(listed)), *taught * 5]:
        words = listed[at]
        for _ in range(each):
            made[caption(listed, random_note(at, taught, EXAMPLE_ODDS, rng), rng)] = None
        made.update(dict.fromkeys(words.phrases))
        made.update(dict.fromkeys(words.vague))
    return [text for text in made if text]
