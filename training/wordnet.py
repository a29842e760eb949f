"""Reads the files of WordNet 3.0: lemmas of nouns for things, adjectives, and their glosses."""

import re
from pathlib import Path

THINGS = {
    5: "animal",
    6: "artifact",
    8: "body",
    13: "food",
    17: "object",
    18: "person",
    19: "phenomenon",
    20: "plant",
    27: "substance",
}
PERSON = 18
FOLDER = Path("debian") / "usr" / "share" / "wordnet"
WORD = re.compile(r"[a-z][a-z' -]{1,28}$")


def _lines(path: Path):
    for line in path.read_text(encoding="utf8").splitlines():
        if not line.startswith("  "):
            yield line


def _lemmas(fields: list[str]) -> list[str]:
    """The words of a synset's line, without proper names (capitalised) and words with digits."""
    words = [fields[4 + 2 * at].split("(")[0].replace("_", " ") for at in range(int(fields[3], 16))]
    return [word for word in words if WORD.match(word)]


def synsets(data: Path, part: str) -> list[tuple[int, list[str], str]]:
    """(lexicographer file number, lemmas, gloss) of each synset of `part` (noun or adj)."""
    found = []
    for line in _lines(data / FOLDER / f"data.{part}"):
        head, _, gloss = line.partition(" | ")
        fields = head.split(" ")
        lemmas = _lemmas(fields)
        if lemmas:
            found.append((int(fields[1]), lemmas, gloss.split(";")[0].strip()))
    return found


def things(data: Path) -> tuple[list[str], list[str]]:
    """Lemmas of at most two words for things that can be drawn, and the short glosses of these things."""
    lemmas: dict[str, None] = {}
    glosses: dict[str, None] = {}
    for number, names, gloss in synsets(data, "noun"):
        if number in THINGS:
            lemmas.update(dict.fromkeys(name for name in names if name.count(" ") < 2))
            if len(gloss) < 70:
                glosses[gloss.lower()] = None
    return list(lemmas), list(glosses)


def adjectives(data: Path) -> list[str]:
    """Adjectives of one word."""
    words: dict[str, None] = {}
    for _number, names, _gloss in synsets(data, "adj"):
        words.update(dict.fromkeys(name for name in names if " " not in name and len(name) < 13))
    return list(words)


class Taxonomy:
    """The hierarchy of nouns.

    By synset (its offset in data.noun): `lemmas`, `file` (the lexicographer file number) and `hyponyms` (the
    synsets directly below). By lemma: `senses`, its synsets, the most usual first.
    """

    def __init__(self, data: Path):
        folder = data / FOLDER
        self.lemmas: dict[str, list[str]] = {}
        self.file: dict[str, int] = {}
        self.hyponyms: dict[str, list[str]] = {}
        for line in _lines(folder / "data.noun"):
            fields = line.partition(" | ")[0].split(" ")
            synset, after = fields[0], 4 + 2 * int(fields[3], 16)
            self.file[synset] = int(fields[1])
            self.lemmas[synset] = _lemmas(fields)
            pointers = fields[after + 1 : after + 1 + 4 * int(fields[after])]
            self.hyponyms[synset] = [
                pointers[at + 1] for at in range(0, len(pointers), 4) if pointers[at] == "~"
            ]
        self.senses: dict[str, list[str]] = {}
        for line in _lines(folder / "index.noun"):
            fields = line.split()
            self.senses[fields[0].replace("_", " ")] = fields[-int(fields[2]) :]
