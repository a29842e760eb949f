"""Pairs of captions for the fine-tuning of the text encoder."""

import random

from training.caption_pairs import CaptionPairs, aligned_positions

START, A, AN, SMALL, DOG, FOX, HOUND, END = range(8)


def test_equal_tokens_align_with_themselves():
    tokens = [START, A, SMALL, DOG, END]
    assert aligned_positions(tokens, tokens, {A, AN}, 8).tolist() == list(range(8))


def test_a_longer_word_aligns_with_the_known_one():
    given, known = [START, A, FOX, HOUND, END], [START, A, DOG, END]
    # Both parts of the word have the state of DOG, and the end and the padding that of the end.
    assert aligned_positions(given, known, {A, AN}, 8).tolist() == [0, 1, 2, 2, 3, 4, 5, 6]


def test_articles_count_as_equal():
    given, known = [START, AN, FOX, END], [START, A, DOG, END]
    assert aligned_positions(given, known, {A, AN}, 5).tolist() == [0, 1, 2, 3, 4]


def test_positions_stay_within_the_length():
    given, known = [START, DOG, END], [START, A, SMALL, FOX, HOUND, END]
    positions = aligned_positions(given, known, {A, AN}, 6)
    assert positions.min() >= 0
    assert positions.max() <= 5
    assert positions[2] == 5


def test_pairs_differ_in_the_word_only(data):
    pairs = CaptionPairs(data, {"foxhound": ("dog", 4.0)})
    made = pairs.draw(random.Random(0), 200)
    assert made == pairs.draw(random.Random(0), 200)
    different = [(given, known) for given, known in made if given != known]
    assert 0.5 < len(different) / len(made) < 0.8
    for given, known in different:
        assert given.replace("foxhounds", "dog").replace("foxhound", "dog") == known.replace("dogs", "dog")


def test_the_words_are_as_before_after_drawing(data):
    pairs = CaptionPairs(data, {"foxhound": ("dog", 4.0)})
    before = [list(words.phrases) for words in pairs.listed]
    pairs.draw(random.Random(0), 50)
    assert [words.phrases for words in pairs.listed] == before
