"""Finds synonyms: dictionary words that mean nearly the same as the name of a piece of artwork."""

import json
from pathlib import Path

import numpy as np

from .captions import load_words
from .wordnet import THINGS, synsets

SAME = 0.74  # cosine of the teacher's embeddings above which a word may name a piece
MOST = 3


def _synonyms(data: Path, names: set[str]) -> dict[str, list[str]]:
    """The synonyms of names in WordNet, from the first sense that is a thing."""
    found: dict[str, list[str]] = {}
    for number, lemmas, _gloss in synsets(data, "noun"):
        if number in THINGS:
            for lemma in lemmas:
                if lemma in names and lemma not in found:
                    found[lemma] = [other for other in lemmas if other != lemma and len(other) < 22][:2]
    return found


def _is_other_thing(word: str, name: str) -> bool:
    """Whether the word is a compound that begins with the name: a rocket engine is no rocket."""
    squeezed, own = word.replace(" ", "").replace("-", ""), name.replace(" ", "").replace("-", "")
    return squeezed != own and squeezed.startswith(own.split("s")[0] if len(own) < 4 else own[:4])


def find_synonyms(data: Path, phrases: list[str], embedded: np.ndarray) -> None:
    """Writes data/neighbours.json: name to up to MOST further words and up to two synonyms of WordNet.

    A word is added to the nearest name only: "kitten" means a cat and nothing else. `embedded` are the
    teacher's embeddings (n, 384) of `phrases`.
    """
    target = data / "neighbours.json"
    if target.exists():
        return
    listed = load_words(data)
    names = sorted({words.phrases[0] for words in listed if words.group != 1})
    place = {phrase: at for at, phrase in enumerate(phrases)}
    names = [name for name in names if name in place]
    taken = {phrase for words in listed for phrase in words.phrases + words.vague}
    nouns = sorted(
        {
            lemma
            for number, lemmas, _gloss in synsets(data, "noun")
            if number in THINGS
            for lemma in lemmas
            if lemma.count(" ") < 2 and lemma in place and lemma not in taken
        }
    )
    centre = embedded[[place[name] for name in names]].astype(np.float32)
    other = embedded[[place[noun] for noun in nouns]].astype(np.float32)
    likeness = other @ centre.T
    best = likeness.argmax(1)
    near: dict[str, list[tuple[float, str]]] = {}
    for at in np.flatnonzero(likeness.max(1) > SAME):
        near.setdefault(names[best[at]], []).append((float(likeness[at, best[at]]), nouns[at]))
    known = _synonyms(data, set(names))
    chosen = {}
    for name in names:
        words = [word for _score, word in sorted(near.get(name, []), reverse=True)]
        words = [word for word in words if not _is_other_thing(word, name)][:MOST]
        words += [word for word in known.get(name, []) if word not in words and word not in taken]
        if words:
            chosen[name] = words
    target.write_text(json.dumps(chosen, indent=0), encoding="utf8")
