"""Captions in plain words, from names, tags and styles."""

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .colours import BACKGROUNDS, TARGETS
from .held_out import phrase_is_held_out
from .nouns import COMMON, PLAIN
from .sources import SOURCES

STYLES = {source.key: source.styles for source in SOURCES}
COLOUR = re.compile(r"\b(" + "|".join([*TARGETS, "grey", "violet"]) + r")\b ?")
NOISE = re.compile(r"\b(clipart by|nicu buculei|by architetto|architetto|simple icon|contour|the structure of)\b")
TAGS_OF_COMMON = 0.3  # common things are called by their plain words: tags say "diet" for an apple
SPECIFIC = 4  # a tag of at most this many things may stand for one of them


@dataclass
class Words:
    """What one piece may be called: phrases with weights, and vague tags to add behind a name."""

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

    Uses data/neighbours.json (extra names found by meaning) where it exists.
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
        options.update(dict.fromkeys(PLAIN[name].split(", ") if name in PLAIN else [], 1.0))
        tags = TAGS_OF_COMMON if name in COMMON else 1.0
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
        if name.endswith(" face") and piece["group"] == 3:
            options[name.removesuffix(" face")] += 0.3
        shown = {text: weight for text, weight in options.items() if text == name or not phrase_is_held_out(text)}
        vague = [text for text in vague if not phrase_is_held_out(text)]
        listed.append(Words(piece["source"], piece["group"], list(shown), list(shown.values()), vague))
    return listed


def with_article(phrase: str) -> str:
    """The phrase behind its "a" or "an"."""
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def _at_times(phrase: str, rng: random.Random) -> str:
    if rng.random() < 0.55 or phrase.startswith(("a ", "an ", "the ")):
        return phrase
    return with_article(phrase)


def caption(words: Words, rng: random.Random, colour: str = "", natural: str = "",
            background: str = "") -> str:
    """One random caption. `colour` is the colour it was turned into (always said), `natural` its
    own colour (said at times), `background` a colour word for a background other than white."""
    phrase = rng.choices(words.phrases, words.weights)[0]
    if colour:
        phrase = f"{colour} {COLOUR.sub('', phrase).strip() or words.phrases[0]}"
    elif natural and rng.random() < 0.25 and not COLOUR.search(phrase):
        phrase = f"{natural} {phrase}"
    style = rng.choice(STYLES[words.source])
    roll = rng.random()
    if roll < 0.08 and words.vague and not colour:
        phrase = f"{phrase}, {rng.choice(words.vague)}"
    roll = rng.random()
    if roll < 0.12:
        text = f"{_at_times(phrase, rng)}, {style}"
    elif roll < 0.22:
        text = _at_times(f"{style} {phrase}", rng)
    elif roll < 0.26:
        text = f"a picture of {_at_times(phrase, rng)}"
    elif roll < 0.30:
        text = f"{phrase} {rng.choice(('icon', 'emoji', 'illustration'))}"
    else:
        text = _at_times(phrase, rng)
    if background:
        text += rng.choice((f" on a {background} background", f", {background} background"))
    elif rng.random() < 0.06:
        text += rng.choice((" on a white background", ", white background"))
    return text


def example_phrases(data: Path, rng: random.Random, each: int) -> list[str]:
    """Captions as the model will see them, `each` per piece, with colours and backgrounds at random."""
    made: dict[str, None] = {}
    grounds = list(BACKGROUNDS)
    for words in load_words(data):
        for _ in range(each):
            colour = rng.choice(TARGETS) if rng.random() < 0.35 else ""
            ground = rng.choice(grounds) if rng.random() < 0.1 else ""
            made[caption(words, rng, colour, "", ground)] = None
        made.update(dict.fromkeys(words.phrases))
        made.update(dict.fromkeys(words.vague))
    return [text for text in made if text]
