"""Captions, and the notes that they are made from."""

import random

import pytest

from training.captions import (
    NoteOdds,
    Words,
    caption,
    clean,
    example_phrases,
    load_words,
    plain_note,
    plural,
    random_note,
    with_article,
)
from training.colours import TARGETS

APPLE = Words("fluentflat", 4, ["red apple", "apple"], [1.0, 1.0])
DOG = Words("fluentflat", 3, ["dog"], [1.0], ["pet"])


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("dog", "dogs"), ("box", "boxes"), ("city", "cities"), ("boy", "boys"), ("church", "churches")],
)
def test_plural(phrase, expected):
    assert plural(phrase) == expected


def test_article():
    assert with_article("owl") == "an owl"
    assert with_article("dog") == "a dog"


def test_clean_removes_punctuation_and_credits():
    assert clean("Fox: by Architetto!") == "fox"
    assert clean("  Grey_Owl:  “barn” ") == "grey owl, barn"


def test_words_of_the_artwork(data):
    apple, cat, dog, *_, owl = load_words(data)
    assert apple.phrases[:2] == ["red apple", "apple"]
    assert apple.weights[:2] == [1.0, 1.0]
    assert dog.phrases[0] == "dog"
    assert cat.phrases[0] == "cat"
    assert cat.vague == []  # "pet" and "animal" belong to four things at most, so they may name one
    assert "kitten" not in owl.phrases  # held out


def test_words_use_the_neighbours(data):
    (data / "neighbours.json").write_text('{"dog": ["foxhound", "puppy"]}')
    dog = load_words(data)[2]
    assert "foxhound" in dog.phrases
    assert "puppy" not in dog.phrases  # held out


def test_captions_of_a_seed_stay_the_same():
    rng = random.Random(0)
    note = plain_note(0) | {"colour": "blue", "ground": "yellow"}
    pair = plain_note(0) | {"other": 1, "other_colour": "green"}
    words = [APPLE, DOG]
    assert [caption(words, one, rng) for one in (plain_note(0), note, pair, plain_note(1))] == [
        "an apple",
        "a blue apple on a yellow background",
        "a red apple and a green dog",
        "a dog",
    ]


def test_a_changed_colour_replaces_the_colour_of_the_name():
    note = plain_note(0) | {"colour": "blue"}
    for seed in range(50):
        text = caption([APPLE, DOG], note, random.Random(seed))
        assert "blue apple" in text
        assert "red" not in text.split()


def test_two_of_the_same_are_plural():
    assert caption([APPLE, DOG], plain_note(1) | {"other": 1}, random.Random(1)).startswith("two dogs")


def test_odds_of_zero_draw_no_random_number():
    odds = NoteOdds(colour=1, ground=0, other=0)
    rng, same = random.Random(3), random.Random(3)
    note = random_note(5, [1], odds, rng)
    same.random()  # whether there is a colour
    assert note["colour"] == same.choice(TARGETS)
    same.random()  # whether there is a background
    same.random()  # whether there is another thing
    assert rng.random() == same.random()


def test_example_phrases(data):
    phrases = example_phrases(data, random.Random(0), each=2)
    assert phrases == example_phrases(data, random.Random(0), each=2)
    assert len(phrases) == len(set(phrases))
    assert {"red apple", "apple", "grey owl, barn"} <= set(phrases)
