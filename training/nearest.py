"""Which drawn thing a dictionary word is nearest to, by what WordNet puts it under and by the teacher's embeddings."""

import re
from pathlib import Path

import numpy as np

from .captions import STYLES, TEMPLATES, load_words, plural
from .colours import BACKGROUNDS, TARGETS
from .held_out import phrase_is_held_out, thing_is_held_out
from .kinds import nearest_above
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


def words_to_learn(data: Path, teacher: Teacher) -> dict[str, tuple[str, float]]:
    """Dictionary words that nothing is called by: each with the plain word of the nearest taught thing, and how often
    it is met. What is held out for the measure is left out: words, and names of things."""
    taxonomy = Taxonomy(data)
    listed = load_words(data)
    drawn = {word for name in TAUGHT for word in names_of(name)}
    grammar = set(adjectives(data)) | set(re.findall("[a-z]+", f"{STYLES} {TEMPLATES} {TARGETS} {list(BACKGROUNDS)}"))
    grammar |= {"picture", "style", "two", "sketch"}
    hidden = {phrase for words in listed if thing_is_held_out(words.phrases[0]) for phrase in words.phrases}
    plain = {plain_word(words.phrases[0]): words.phrases[0] for words in listed if words.phrases[0] in TAUGHT}
    groups = {words.phrases[0]: words.group for words in listed if words.phrases[0] in TAUGHT}
    above = nearest_above(taxonomy, listed)

    def pieces(word: str) -> int:
        return len(teacher.tokenizer.encode(word, add_special_tokens=False).ids)

    found: dict[str, int] = {}
    for word, (sense, *_others) in taxonomy.senses.items():
        file = taxonomy.file[sense]
        fits = word.count(" ") < 2 if file in THINGS else word.isalpha() and pieces(word) == 1
        if (fits and len(word) > 2 and word in taxonomy.lemmas[sense]  # in lower case: no names, no nations
                and word not in drawn and word not in hidden and word not in grammar and not phrase_is_held_out(word)):
            found[word] = file
    words, texts = list(found), list(plain)
    likeness = teacher.embed(words).astype(np.float32) @ teacher.embed(texts).astype(np.float32).T
    people = np.array([groups[name] == PEOPLE_GROUP for name in plain.values()])
    place = {name: at for at, name in enumerate(plain.values())}
    for row, word in enumerate(words):
        root = above.get(taxonomy.senses[word][0])
        if found[word] == PERSON:
            likeness[row, ~people] = 0  # what people are called is drawn as people, or not at all
        elif root:
            likeness[row, place[root]] += ABOVE
    best = likeness.argmax(1)
    learned = {word: (texts[best[row]], WEIGHTS.get(pieces(word), 1.0)) for row, word in enumerate(words)
               if likeness[row, best[row]] >= LIKE[found[word] in THINGS]}
    meant = {word: (text, MEANT_WORD) for word, text in MEANT.items()
             if word not in drawn and not phrase_is_held_out(word) and word not in hidden}
    return {plural(text): (text, SEVERAL) for text in texts if plural(text) not in drawn} | learned | meant
