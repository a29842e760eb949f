"""The short phrases from which the text encoder learns what words mean, and the text of its vocabulary."""

import json
import random
from pathlib import Path

from .captions import example_phrases, load_words
from .colours import TARGETS
from .wordnet import THINGS, adjectives, synsets, things

COMMONNESS = 8  # how often a common word is repeated in the text of the vocabulary


def collect_phrases(data: Path, seed: int = 0) -> list[str]:
    """About 150,000 distinct lower-case phrases: captions, WordNet words, glosses and combinations."""
    rng = random.Random(seed)
    nouns, glosses = things(data)
    words = adjectives(data)
    names = sorted({words.phrases[0] for words in load_words(data)})
    phrases = dict.fromkeys(example_phrases(data, rng, each=3))
    phrases.update(dict.fromkeys(nouns))
    phrases.update(dict.fromkeys(glosses))
    phrases.update(dict.fromkeys(words))
    simple = [noun for noun in nouns if " " not in noun] + names * 8

    pick = rng.choice
    for _ in range(12000):
        phrases[f"{pick(TARGETS)} {pick(simple)}"] = None
        phrases[f"{pick(simple)} and {pick(simple)}"] = None
    for _ in range(6000):
        phrases[f"a {pick(words)} {pick(simple)}"] = None
        phrases[f"{pick(names)} with a {pick(simple)}"] = None
        phrases[f"a cute little {pick(simple)}"] = None
    return [phrase for phrase in phrases if phrase]


def vocabulary_text(data: Path, phrases: list[str], teacher_folder: Path) -> list[str]:
    """The text that the vocabulary is trained on: the phrases, and the common words COMMONNESS times.

    A word for a thing is common if it is one token of the teacher. It should be one token here as well.
    """
    words = json.loads((teacher_folder / "tokenizer.json").read_text(encoding="utf8"))["model"]["vocab"]
    nouns = [
        lemma for number, lemmas, _gloss in synsets(data, "noun") if number in THINGS for lemma in lemmas
    ]
    parts = {part for noun in [*nouns, *phrases[:60000]] for part in noun.split()}
    return phrases + [word for word in words if len(word) > 2 and word in parts] * COMMONNESS
