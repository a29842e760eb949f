"""What the UNet is never shown, so that `measure.py` can ask for it: things, colours of things, words.

The rules are fixed (a checksum of the words), not drawn again for each run, so that one version of the
model can be compared with the next.
"""

import zlib

from .further import FURTHER
from .nouns import COMMON

PHRASINGS = {
    "puppy": "dog", "hound": "dog", "kitten": "cat", "feline": "cat", "bunny": "rabbit", "hog": "pig",
    "swine": "pig", "cattle": "cow", "pony": "horse", "stallion": "horse", "serpent": "snake",
    "alligator": "crocodile", "toad": "frog", "tortoise": "turtle", "ladybug": "lady beetle",
    "bumblebee": "honeybee", "moth": "butterfly", "hen": "chicken", "duckling": "duck", "hawk": "eagle",
    "rodent": "mouse", "ape": "monkey", "grizzly": "bear", "lioness": "lion", "brontosaurus": "sauropod",
    "tyrannosaurus": "t-rex", "cheeseburger": "hamburger",
    "biscuit": "cookie", "frankfurter": "hot dog", "maize": "ear of corn", "toadstool": "mushroom",
    "mandarin orange": "tangerine", "loaf of bread": "bread", "muffin": "cupcake",
    "espresso": "hot beverage", "lager": "beer mug", "ale": "beer mug", "jet plane": "airplane",
    "airliner": "airplane", "chopper": "helicopter", "spaceship": "rocket", "spacecraft": "rocket",
    "motorbike": "motorcycle", "cab": "taxi", "lorry": "delivery truck",
    "steam engine": "locomotive", "yacht": "sailboat", "fire truck": "fire engine", "cottage": "house",
    "skyscraper": "office building", "fortress": "castle", "lightbulb": "light bulb", "torch": "flashlight",
    "notebook computer": "laptop", "smartphone": "mobile phone", "cellphone": "mobile phone",
    "spanner": "wrench", "shears": "scissors",
    "trousers": "jeans", "sneaker": "running shoe", "rucksack": "backpack", "purse": "handbag",
    "parcel": "package", "spectacles": "glasses", "shades": "sunglasses",
    "fiddle": "violin", "flame": "fire", "fir tree": "evergreen tree",
    "oak": "deciduous tree", "phantom": "ghost", "android": "robot", "motorcar": "automobile",
}
"""Words no caption uses, and the name of the artwork they mean."""


def _chosen(text: str, share: int) -> bool:
    return zlib.crc32(text.encode()) % share == 0


def thing_is_held_out(name: str) -> bool:
    """Whether no drawing of this name is shown: one in six of what is no common word, nor
    one of the further things."""
    return name not in COMMON and name not in FURTHER and _chosen(name, 6)


def colour_is_held_out(colour: str, name: str) -> bool:
    """Whether this thing is never shown with this colour's word: one pair in eight."""
    return _chosen(f"{colour} {name}", 8)


def phrase_is_held_out(phrase: str) -> bool:
    """Whether no caption uses this phrase (or one that contains it as words)."""
    words = f" {phrase} "
    return any(f" {held} " in words for held in PHRASINGS)
