"""Small data as the stages `fetch` and `render` leave it."""

import json
from pathlib import Path

import pytest

from training import wordnet

PIECES = [
    ("fluentflat", "Red Apple", ["fruit", "diet"], 4),
    ("fluentflat", "cat", ["pet", "animal"], 3),
    ("fluentflat", "Dog", ["pet", "animal"], 3),
    ("fluent3d", "dog", ["animal"], 3),
    ("fluentline", "rocket", ["space"], 5),
    ("noto", "cat face", ["pet", "animal"], 3),
    ("noto", "grey owl: barn", ["animal", "kitten", "animal", "animal"], 3),
]

# Offset, lexicographer file, lemmas, offsets of hyponyms, gloss. 05 is animals, 18 is people, 03 is neither.
SYNSETS = [
    ("00000001", "03", ["entity"], ["00000002"], "that which exists"),
    ("00000002", "05", ["dog", "domestic_dog"], ["00000003", "00000004"], "a domestic animal; barks"),
    ("00000003", "05", ["foxhound"], [], "a hunting dog"),
    ("00000004", "05", ["Basenji", "basenji"], [], "a small dog"),
    ("00000005", "05", ["cat", "true_cat"], ["00000006"], "a feline animal"),
    ("00000006", "05", ["tabby"], [], "a cat with stripes"),
    ("00000007", "18", ["dog"], [], "a dull person"),
]


def write_wordnet(folder: Path) -> None:
    """A WordNet of a few synsets in its own file format (wndb(5WN))."""
    folder.mkdir(parents=True)
    lines, senses = ["  1 This line stands for the licence."], {}
    for offset, file, lemmas, below, gloss in SYNSETS:
        words = " ".join(f"{lemma} 0" for lemma in lemmas)
        pointers = "".join(f" ~ {one} n 0000" for one in below)
        lines.append(f"{offset} {file} n {len(lemmas):02x} {words} {len(below):03d}{pointers} | {gloss}")
        for lemma in lemmas:
            senses.setdefault(lemma.lower(), []).append(offset)
    (folder / "data.noun").write_text("\n".join(lines) + "\n", encoding="utf8")
    index = [f"{lemma} n {len(at)} 1 ~ {len(at)} 0 {' '.join(at)}" for lemma, at in sorted(senses.items())]
    (folder / "index.noun").write_text("\n".join(index) + "\n", encoding="utf8")
    (folder / "data.adj").write_text(
        "00000010 00 a 02 tiny 0 very_small 0 000 | of small size\n", encoding="utf8"
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a recipe with seven pieces of artwork."""
    pieces = [
        {"source": source, "key": name, "name": name, "tags": tags, "group": group, "fit": False}
        for source, name, tags, group in PIECES
    ]
    (tmp_path / "artwork.json").write_text(json.dumps(pieces), encoding="utf8")
    write_wordnet(tmp_path / wordnet.FOLDER)
    return tmp_path
