"""Pairs of captions that differ in one word, and how their tokens correspond."""

import random
from pathlib import Path

import numpy as np

from .captions import NoteOdds, Words, caption, load_words, plural, random_note
from .taught_things import COMMON, TAUGHT, names_of

SAME = 0.35  # share of pairs of two equal captions
PLURAL = 0.08  # share of the words that are used in the plural
ODDS = NoteOdds(colour=0.25, small=0.1, ground=0.1, other=0.15)


def _by_name(words: Words) -> Words:
    """The piece with its name and plain words only."""
    names = list(dict.fromkeys(names_of(words.phrases[0])))
    return Words(words.source, words.group, names, [1.0] * len(names))


class CaptionPairs:
    """Makes pairs of captions: one with a word to learn, one with the known word that it is assigned to."""

    def __init__(self, data: Path, learned: dict[str, tuple[str, float]]):
        self.listed = [_by_name(words) for words in load_words(data)]
        self.taught = [at for at, words in enumerate(self.listed) if words.phrases[0] in TAUGHT]
        self.beside = [
            at
            for at in self.taught
            if self.listed[at].phrases[0] in COMMON and self.listed[at].source == "fluentflat"
        ]
        self.learned = {word: plain for word, (plain, _weight) in learned.items()}
        self.weights = np.cumsum([weight for _plain, weight in learned.values()]).tolist()

    def _called(self, note: dict, name: str, seed: int) -> str:
        """The caption of a note whose thing is called `name`; everything else depends on the seed only."""
        at = note["piece"]
        own = self.listed[at]
        self.listed[at] = Words(own.source, own.group, [name], [1.0])
        text = caption(self.listed, note, random.Random(seed))
        self.listed[at] = own
        return text

    def draw(self, rng: random.Random, count: int) -> list[tuple[str, str]]:
        """`count` pairs. A share of SAME has the same caption twice."""
        made = []
        for word in rng.choices(list(self.learned), cum_weights=self.weights, k=count):
            note = random_note(rng.choice(self.taught), self.beside, ODDS, rng)
            seed = rng.getrandbits(32)
            if rng.random() < SAME:
                text = caption(self.listed, note, rng)
                made.append((text, text))
            else:
                met = plural(word) if rng.random() < PLURAL else word
                made.append((self._called(note, met, seed), self._called(note, self.learned[word], seed)))
        return made


def aligned_positions(given: list[int], known: list[int], articles: set[int], length: int) -> np.ndarray:
    """For each of `length` positions of `given`, the position in `known` whose state it must have, (length,).

    Both are token ids. Equal tokens at the beginning and at the end are matched; `articles` ("a", "an") count
    as equal. The tokens between them are matched from their end, and so is the padding after the last token.
    """

    def alike(one: int, other: int) -> bool:
        return one == other or {one, other} <= articles

    shorter = min(len(given), len(known))
    head = next((at for at in range(shorter) if not alike(given[at], known[at])), shorter)
    tail = next((at for at in range(shorter - head) if given[-1 - at] != known[-1 - at]), shorter - head)
    places = np.arange(length) + len(known) - len(given)
    places[:head] = np.arange(head)
    middle = slice(head, len(given) - tail)
    places[middle] = np.maximum(places[middle], min(head, len(known) - 1 - tail))
    return places.clip(0, length - 1)
