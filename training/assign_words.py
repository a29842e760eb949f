"""Assigns dictionary words to the taught things that they are nearest to.

Two measures are used: what WordNet puts a word under, and the cosine of the teacher's embeddings.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .captions import STYLES, TEMPLATES, load_words, plural
from .colours import BACKGROUNDS, TARGETS
from .data import load
from .held_out_split import phrase_is_held_out, thing_is_held_out
from .hypernyms import nearest_taught, taught_groups
from .taught_things import TAUGHT, names_of, plain_word
from .wordnet import PERSON, THINGS, Taxonomy, adjectives

if TYPE_CHECKING:  # torch is not needed to read the assignments
    from .teacher import Teacher

ASSIGNMENTS = "nearest.json"  # in the data folder: word to (plain word of a taught thing, weight)
HYPERNYM_BONUS = 0.35  # added to the cosine of the thing that WordNet puts the word under
LEAST_COSINE = {True: 0.48, False: 0.55}  # below it a word is not assigned; True: a word for a thing
PEOPLE_GROUP = 1  # of emoji
COMMON_WORD = 4.0
WEIGHTS = {
    1: COMMON_WORD,
    2: 2.0,
}  # how often a word is drawn, by its number of tokens for the teacher; else 1
MEANING_WEIGHT = 8.0  # how often the words of ICON_MEANINGS are drawn
PLURAL_WEIGHT = 2.0  # how often plurals are drawn: "apples" is assigned to the apple

ICON_MEANINGS: dict[str, str] = {
    word: thing for thing, words in load("icon_meanings").items() for word in words
}
"""An abstract word, and the plain word of the taught thing that stands for it in an icon."""


def _can_be_assigned(taxonomy: Taxonomy, word: str, pieces: int) -> bool:
    """Whether it is a word for a thing, or a common word of another kind. Names and nations are left out."""
    sense = taxonomy.senses[word][0]
    fits = word.count(" ") < 2 if taxonomy.file[sense] in THINGS else word.isalpha() and pieces == 1
    return fits and len(word) > 2 and word in taxonomy.lemmas[sense]


def words_to_learn(data: Path, teacher: "Teacher") -> dict[str, tuple[str, float]]:
    """Dictionary words, each with the plain word of the nearest taught thing and how often it is drawn.

    Names of taught things are left out, and so are held-out words and the names of held-out things.
    """
    taxonomy = Taxonomy(data)
    listed = load_words(data)
    groups = taught_groups(listed)
    drawn = {word for name in TAUGHT for word in names_of(name)}
    hidden = {phrase for words in listed if thing_is_held_out(words.phrases[0]) for phrase in words.phrases}
    grammar = set(adjectives(data)) | set(
        re.findall("[a-z]+", f"{STYLES} {TEMPLATES} {TARGETS} {list(BACKGROUNDS)}")
    )
    grammar |= {"picture", "style", "two", "sketch"}
    parts = {
        word: len(teacher.tokenizer.encode(word, add_special_tokens=False).ids) for word in taxonomy.senses
    }

    def is_free(word: str) -> bool:
        return word not in drawn and word not in hidden and not phrase_is_held_out(word)

    words = [
        word
        for word in taxonomy.senses
        if word not in grammar and is_free(word) and _can_be_assigned(taxonomy, word, parts[word])
    ]
    texts = [plain_word(name) for name in groups]
    likeness = teacher.embed(words).astype(np.float32) @ teacher.embed(texts).astype(np.float32).T
    people = np.array([group == PEOPLE_GROUP for group in groups.values()])
    place = {name: at for at, name in enumerate(groups)}
    above = nearest_taught(taxonomy, listed)
    learned = {}
    for word, row in zip(words, likeness, strict=True):
        sense = taxonomy.senses[word][0]
        if taxonomy.file[sense] == PERSON:
            row[~people] = 0  # a word for people is assigned to people only
        elif sense in above:
            row[place[above[sense]]] += HYPERNYM_BONUS
        if row.max() >= LEAST_COSINE[taxonomy.file[sense] in THINGS]:
            learned[word] = (texts[row.argmax()], WEIGHTS.get(parts[word], 1.0))
    meant = {word: (text, MEANING_WEIGHT) for word, text in ICON_MEANINGS.items() if is_free(word)}
    return (
        {plural(text): (text, PLURAL_WEIGHT) for text in texts if plural(text) not in drawn} | learned | meant
    )
