"""Writes the word lists that Easel reads prompts with: the taught things, and their names in other languages.

`python -m training.thing_lists --data training/.work/data`, after `training.fetch` filled that folder. The
names come from `data/taught_things.toml` and `data/icon_meanings.toml`, the kinds from WordNet, the other
languages from emojibase-data.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from .assign_words import ICON_MEANINGS
from .held_out_split import PHRASINGS
from .hypernyms import FILES, nearest_taught
from .sample_sheets import taught_words
from .sources import NAMES
from .taught_things import COMMON, PLAIN, TAUGHT, USEFUL, names_of, plain_word
from .wordnet import FOLDER, Taxonomy, adjectives, synsets

ROOT = Path(__file__).resolve().parent.parent
THINGS = ROOT / "models" / "starter" / "things.json"
REAL_WORDS = ROOT / "src" / "core" / "composition" / "words" / "real-words.json"
TRANSLATIONS = ROOT / "src" / "core" / "composition" / "words" / "translations.json"
LANGUAGES = ("de", "fr", "es", "zh")
_NO_KINDS = """
pew babe fice ern brant brent cochin ben dick coping kylie tuna mike sam lem calculus amazon donna murphy
john dame belle bobby pike superstar surveyor hummer cultivator convent organs canteen sheaf magnum
blockbuster gourd mac mack newmarket tam pes chips settle lotte liza molly gar loach blenny rudd argentine
fay puck dirk kris doc vintage auto pinto destroyer tanker corvette conductor composer maestro modernist
cantor visor interceptor inspector metro subway boa stole grinder trunks mezzo warbler tor nova pupil
satchel bolo twister nutmeg fuji mei simal tung plum apricot almond cacao mandarin mulberry dogwood madame
mistress lulu dowager wife babu bey buster sir beau archduke rectory sonny encephalon ridley elk veal
pavilion spire turret lighthouse headset partridge skullcap holly laurel coco cruiser trolleybus imp
colleen lass restroom
"""
NO_KINDS = frozenset(_NO_KINDS.split())  # words of WordNet that mean something else to most people
LABEL, IN_LABEL, TAG = 100, 40, 10  # how sure a word of an emoji is its name: its label, a part of it, a tag
LONG = 7  # letters of a word that few know to spell
FEWEST = 3  # letters of a word that is corrected: more than these
MOST_WORDS = 6  # of a language for a thing: the list is part of a web page
FEWEST_LETTERS = {"zh": 1}  # of a word; else 3


def _labels(data: Path, language: str) -> dict[str, dict[str, Any]]:
    """The entries of emojibase-data by code."""
    file = data / "npm" / "node_modules" / NAMES[0] / language / "data.json"
    return {entry["hexcode"]: entry for entry in json.loads(file.read_text(encoding="utf8"))}


def _tidy(word: str) -> str:
    return re.sub(r"\s+", " ", word.lower().replace("’", "'").replace("|", " ")).strip()


def codes(data: Path) -> dict[str, str]:
    """The code of each taught thing's emoji, by its name in the artwork."""
    return {
        name: code for code, entry in _labels(data, "en").items() if (name := _tidy(entry["label"])) in TAUGHT
    }


def translated(data: Path, language: str) -> dict[str, list[str]]:
    """Names of the taught things in a language, by their name in the artwork, the label first.

    A word that several emoji have is given to the one whose label it is, or whose label has it as one of few
    words; a tag that two emoji have alike is given to none.
    """
    entries, points = _labels(data, language), codes(data)
    bids: dict[str, list[tuple[float, str]]] = {}
    for name, code in points.items():
        entry = entries.get(code)
        if not entry:
            continue
        label = _tidy(entry["label"])
        bonus = 3 if name in COMMON else 1 if name in USEFUL else 0
        for word in {label, *map(_tidy, entry.get("tags", ()))}:
            inside = word in label if language == "zh" else f" {word} " in f" {label} "
            sure: float = TAG
            if word == label:
                sure = LABEL
            elif inside:
                sure = IN_LABEL - label.count(" ") - len(label) / 50
            if len(word) >= FEWEST_LETTERS.get(language, 3) or word == label:
                bids.setdefault(word, []).append((sure + bonus, name))
    found: dict[str, list[str]] = {name: [] for name in points}
    for word, offers in bids.items():
        offers.sort(reverse=True)
        best, owner = offers[0]
        alike = len(offers) > 1
        if best > TAG + 3 or not alike:
            found[owner].append(word)
    for name, words in found.items():
        label = _tidy(entries[points[name]]["label"]) if points[name] in entries else ""
        words.sort(key=lambda word: (word != label, word not in label, len(word), word))
        del words[MOST_WORDS:]
    return found


def kinds(data: Path, vocabulary: set[str]) -> dict[str, list[str]]:
    """Words for kinds of taught things that the model's vocabulary has whole: "sedan" of "automobile"."""
    taxonomy = Taxonomy(data)
    english = _labels(data, "en")
    groups = {_tidy(entry["label"]): entry.get("group", 0) for entry in english.values()}
    listed = [_Listed(name, groups.get(name, 0)) for name in sorted(TAUGHT)]
    below = nearest_taught(taxonomy, listed)  # type: ignore[arg-type]
    taken = {word for name in TAUGHT for word in names_of(name)} | set(ICON_MEANINGS) | set(PHRASINGS)
    taken |= set(adjectives(data)) | {lemma for _, lemmas, _ in synsets(data, "verb") for lemma in lemmas}
    found: dict[str, list[str]] = {}
    for word, senses in taxonomy.senses.items():
        owner = below.get(senses[0])
        if not owner or word not in vocabulary or word in taken or len(word) <= 2:
            continue
        if taxonomy.file[senses[0]] in FILES.get(groups[owner], ()):
            found.setdefault(owner, []).append(word)
    return found


def real_words(data: Path, vocabulary: set[str], names: set[str]) -> list[str]:
    """English words that are spelt nearly like a word of the names, so that they are no misspelt one."""
    counted = (data / FOLDER / "cntlist.rev").read_text(encoding="utf8").splitlines()
    common = vocabulary | {line.partition("%")[0] for line in counted}
    lemmas = {
        lemma
        for part in ("noun", "verb", "adj")
        for _, words, _ in synsets(data, part)
        for lemma in words
        if lemma.isalpha() and (lemma in common or (part == "noun" and len(lemma) < LONG + 2))
    }
    inflected = {f"{lemma}{ending}" for lemma in lemmas for ending in ("s", "es", "ed", "d", "ing")}
    known = {word for word in names if len(word) > 2}
    near = {edit for word in known for edit in _edits(word)}
    near |= {word[:-2] for word in known if len(word) > LONG}
    found = sorted(word for word in lemmas | (inflected & common) if len(word) > FEWEST)
    return [word for word in found if word not in known and (word in near or _edits(word) & near)]


def _edits(word: str) -> set[str]:
    """What is left of a word without one letter, and the word itself: two words one slip apart share one."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


class _Listed:
    """What `nearest_taught` reads of a piece of artwork."""

    def __init__(self, name: str, group: int):
        self.phrases = [name]
        self.group = group


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "training" / ".work" / "data")
    data = parser.parse_args().data
    names = {plain_word(name): name for name in TAUGHT}
    order = taught_words()
    pieces = json.loads((ROOT / "models" / "starter" / "tokenizer" / "vocab.json").read_text(encoding="utf8"))
    vocabulary = {piece.removesuffix("</w>") for piece in pieces if piece.endswith("</w>")}
    below = kinds(data, vocabulary)
    points = codes(data)
    emoji = {entry["hexcode"]: entry["emoji"].rstrip("\ufe0f") for entry in _labels(data, "en").values()}
    things = []
    for word in order:
        name = names[word]
        meanings = [meaning for meaning, thing in ICON_MEANINGS.items() if thing == word]
        held = [phrase for phrase, thing in PHRASINGS.items() if thing == name]
        entry = {"names": "|".join(dict.fromkeys([word, *PLAIN.get(name, []), name]))}
        other = dict.fromkeys(kind for kind in [*held, *below.get(name, [])] if kind not in NO_KINDS)
        if other:
            entry["kinds"] = "|".join(other)
        if meanings:
            entry["meanings"] = "|".join(meanings)
        entry["emoji"] = emoji[points[name]]
        things.append(entry)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in things)
    THINGS.write_text(f"[\n{lines}\n]\n", encoding="utf8")
    single = {part for entry in things for words in entry.values() for part in re.split("[| -]", words)}
    close = real_words(data, vocabulary, single)
    REAL_WORDS.write_text(json.dumps(" ".join(close)) + "\n", encoding="utf8")
    lists = []
    for language in LANGUAGES:
        found = translated(data, language)
        rows = ",\n".join(json.dumps("|".join(found[names[word]]), ensure_ascii=False) for word in order)
        lists.append(f'"{language}": [\n{rows}\n]')
    TRANSLATIONS.parent.mkdir(parents=True, exist_ok=True)
    TRANSLATIONS.write_text("{\n" + ",\n".join(lists) + "\n}\n", encoding="utf8")


if __name__ == "__main__":
    main()
