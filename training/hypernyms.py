"""Finds the taught thing that a WordNet synset is a kind of: a "foxhound" is a dog, a "sedan" is a car."""

from .captions import Words
from .taught_things import TAUGHT, WIDER, names_of
from .wordnet import PERSON, Taxonomy

FILES = {1: (8, PERSON), 3: (5, 17, 19, 20), 4: (13, 20), 5: (6, 17, 19), 6: (6, 17), 7: (6, 8, 27)}
"""By emoji group, the lexicographer files (see wordnet.THINGS) of the senses that its names have.

A seal of the group of animals is the animal.
"""


def taught_groups(listed: list[Words]) -> dict[str, int]:
    """The emoji group of each taught thing."""
    return {words.phrases[0]: words.group for words in listed if words.phrases[0] in TAUGHT}


def _sense(taxonomy: Taxonomy, name: str, group: int) -> str | None:
    """The synset of a taught thing: the first sense of its name or plain words that fits its emoji group."""
    for word in (*names_of(name), name.removesuffix(" face")):
        for synset in taxonomy.senses.get(word, ()):
            if taxonomy.file[synset] in FILES.get(group, ()):
                return synset
    return None


def nearest_taught(taxonomy: Taxonomy, listed: list[Words]) -> dict[str, str]:
    """For each synset below a taught thing, the name of the nearest such thing."""
    owner: dict[str, str] = {}
    for name, group in sorted(taught_groups(listed).items()):
        synset = _sense(taxonomy, name, group)
        if synset:
            owner.setdefault(synset, name)
    level = list(owner)
    while level:
        following = [(kind, owner[synset]) for synset in level for kind in taxonomy.hyponyms.get(synset, ())]
        fresh = {kind: name for kind, name in reversed(following) if kind not in owner}
        owner.update(fresh)
        level = list(fresh)
    return {synset: name for synset, name in owner.items() if name not in WIDER}
