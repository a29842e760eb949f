"""Reads WordNet 3.0's own files: lemmas of nouns for things, adjectives, and their glosses."""

import re
from pathlib import Path

THINGS = {5: "animal", 6: "artifact", 8: "body", 13: "food", 17: "object", 18: "person",
          19: "phenomenon", 20: "plant", 27: "substance"}
WORD = re.compile(r"[a-z][a-z' -]{1,28}$")


def _lines(path: Path):
    for line in path.read_text(encoding="utf8").splitlines():
        if not line.startswith("  "):
            yield line


def synsets(data: Path, part: str) -> list[tuple[int, list[str], str]]:
    """(lexicographer file number, lemmas, gloss) of each synset of `part` (noun or adj).

    Proper names (capitalised) and words with digits are left out.
    """
    folder = data / "debian" / "usr" / "share" / "wordnet"
    found = []
    for line in _lines(folder / f"data.{part}"):
        head, _, gloss = line.partition(" | ")
        fields = head.split(" ")
        count = int(fields[3], 16)
        lemmas = [fields[4 + 2 * at].split("(")[0].replace("_", " ") for at in range(count)]
        lemmas = [lemma for lemma in lemmas if WORD.match(lemma)]
        if lemmas:
            found.append((int(fields[1]), lemmas, gloss.split(";")[0].strip()))
    return found


def things(data: Path) -> tuple[list[str], list[str]]:
    """Lemmas of at most three words for things one can draw, and short glosses of the same."""
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
