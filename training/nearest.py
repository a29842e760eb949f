"""Which drawn thing a dictionary word is nearest to, by what WordNet puts it under and by the teacher's embeddings."""

import re
from pathlib import Path

import numpy as np

from .captions import STYLES, TEMPLATES, load_words, plural
from .colours import BACKGROUNDS, TARGETS
from .held_out import phrase_is_held_out, thing_is_held_out
from .kinds import nearest_above, taught_groups
from .meant import MEANT
from .nouns import TAUGHT, names_of, plain_word
from .phrases import Teacher
from .wordnet import PERSON, THINGS, Taxonomy, adjectives

ABOVE = 0.35  # what it counts, in cosine, that the thing is what WordNet puts the word under
LIKE = {True: 0.48, False: 0.55}  # how near a word must be, one for a thing and any other
PEOPLE_GROUP = 1  # of emoji
COMMON_WORD = 4.0
WEIGHTS = {1: COMMON_WORD, 2: 2.0}  # how often a word is met, by the pieces that the teacher makes of it; else 1
MEANT_WORD = 8.0  # the same for what docs speak of
SEVERAL = 2.0  # the same for "apples", which is to be an apple


def _is_one_of(taxonomy: Taxonomy, word: str, pieces: int) -> bool:
    """Whether it is a word for a thing, or a common word of another kind; in lower case: no names, no nations."""
    sense = taxonomy.senses[word][0]
    fits = word.count(" ") < 2 if taxonomy.file[sense] in THINGS else word.isalpha() and pieces == 1
    return fits and len(word) > 2 and word in taxonomy.lemmas[sense]


def words_to_learn(data: Path, teacher: Teacher) -> dict[str, tuple[str, float]]:
    """Dictionary words that nothing is called by: each with the plain word of the nearest taught thing, and how often
    it is met. What is held out for the measure is left out: words, and names of things."""
    taxonomy = Taxonomy(data)
    listed = load_words(data)
    groups = taught_groups(listed)
    drawn = {word for name in TAUGHT for word in names_of(name)}
    hidden = {phrase for words in listed if thing_is_held_out(words.phrases[0]) for phrase in words.phrases}
    grammar = set(adjectives(data)) | set(re.findall("[a-z]+", f"{STYLES} {TEMPLATES} {TARGETS} {list(BACKGROUNDS)}"))
    grammar |= {"picture", "style", "two", "sketch"}
    parts = {word: len(teacher.tokenizer.encode(word, add_special_tokens=False).ids) for word in taxonomy.senses}

    def is_free(word: str) -> bool:
        return word not in drawn and word not in hidden and not phrase_is_held_out(word)

    words = [word for word in taxonomy.senses if word not in grammar and is_free(word)
             and _is_one_of(taxonomy, word, parts[word])]
    texts = [plain_word(name) for name in groups]
    likeness = teacher.embed(words).astype(np.float32) @ teacher.embed(texts).astype(np.float32).T
    people = np.array([group == PEOPLE_GROUP for group in groups.values()])
    place = {name: at for at, name in enumerate(groups)}
    above = nearest_above(taxonomy, listed)
    learned = {}
    for word, row in zip(words, likeness, strict=True):
        sense = taxonomy.senses[word][0]
        if taxonomy.file[sense] == PERSON:
            row[~people] = 0  # what people are called is drawn as people, or not at all
        elif sense in above:
            row[place[above[sense]]] += ABOVE
        if row.max() >= LIKE[taxonomy.file[sense] in THINGS]:
            learned[word] = (texts[row.argmax()], WEIGHTS.get(parts[word], 1.0))
    meant = {word: (text, MEANT_WORD) for word, text in MEANT.items() if is_free(word)}
    return {plural(text): (text, SEVERAL) for text in texts if plural(text) not in drawn} | learned | meant
