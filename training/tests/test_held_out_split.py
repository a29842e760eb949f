"""The split between what is trained and what is held out must never change."""

import pytest

from training.held_out_split import colour_is_held_out, phrase_is_held_out, thing_is_held_out
from training.taught_things import COMMON, FURTHER


def test_common_and_further_things_are_never_held_out():
    assert not any(thing_is_held_out(name) for name in COMMON | FURTHER)


def test_the_split_of_things_is_fixed():
    names = [
        "bagel",
        "zeppelin",
        "ukulele",
        "bassoon",
        "totem pole",
        "gear",
        "shield",
        "link",
        "seal",
        "mango",
    ]
    assert [name for name in names if thing_is_held_out(name)] == ["bagel", "totem pole"]
    share = sum(thing_is_held_out(f"thing {number}") for number in range(6000)) / 6000
    assert share == pytest.approx(1 / 6, abs=0.02)


def test_the_split_of_colours_is_fixed():
    colours = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]
    assert [colour for colour in colours if colour_is_held_out(colour, "automobile")] == ["teal", "blue"]
    share = sum(colour_is_held_out("red", f"thing {number}") for number in range(8000)) / 8000
    assert share == pytest.approx(1 / 8, abs=0.02)


def test_phrases_are_held_out_as_whole_words():
    assert phrase_is_held_out("puppy")
    assert phrase_is_held_out("a small puppy")
    assert phrase_is_held_out("old fire truck")
    assert not phrase_is_held_out("puppyish")
    assert not phrase_is_held_out("dog")
