"""What is a kind of what among the taught things: WordNet puts a "foxhound" under a dog and a "sedan" under a car."""

from .captions import Words
from .lists import names_in
from .nouns import TAUGHT, names_of
from .wordnet import PERSON, Taxonomy

FILES = {1: (8, PERSON), 3: (5, 17, 19, 20), 4: (13, 20), 5: (6, 17, 19), 6: (6, 17), 7: (6, 8, 27)}
"""The kinds of synset (see wordnet.THINGS) that an emoji group's names mean: a seal is an animal there."""
WIDER = names_in("""
construction, bullseye, dna, water wave, drop of blood, ring, herb, memo, cut of meat, flexed biceps, bone, x-ray,
hibiscus, wood, electric plug, droplet, timer clock, fallen leaf, woman's hat, open file folder, raised hand, mouth,
military helmet, wing, spiral shell, bank, desert island, cloud, coconut, clapper board, roll of paper, battery, eye
""")
"""Taught things whose names mean something wider in WordNet than what their drawing shows."""


def taught_groups(listed: list[Words]) -> dict[str, int]:
    """Each taught thing's emoji group."""
    return {words.phrases[0]: words.group for words in listed if words.phrases[0] in TAUGHT}


def _sense(taxonomy: Taxonomy, name: str, group: int) -> str | None:
    """The synset that a taught thing is: its name's (or plain words') first sense of the right kind."""
    for word in (*names_of(name), name.removesuffix(" face")):
        for synset in taxonomy.senses.get(word, ()):
            if taxonomy.file[synset] in FILES.get(group, ()):
                return synset
    return None


def nearest_above(taxonomy: Taxonomy, listed: list[Words]) -> dict[str, str]:
    """The name of the taught thing that each synset is a kind of, the nearest one, where there is one."""
    owner: dict[str, str] = {}
    for name, group in sorted(taught_groups(listed).items()):
        synset = _sense(taxonomy, name, group)
        if synset:
            owner.setdefault(synset, name)
    level = list(owner)
    while level:
        following = [(kind, owner[synset]) for synset in level for kind in taxonomy.kinds.get(synset, ())]
        fresh = {kind: name for kind, name in reversed(following) if kind not in owner}
        owner.update(fresh)
        level = list(fresh)
    return {synset: name for synset, name in owner.items() if name not in WIDER}
