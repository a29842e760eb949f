"""Reading WordNet, and what is derived from it: hypernyms, synonyms and phrases."""

import json

import numpy as np
import pytest

from training.captions import load_words
from training.hypernyms import nearest_taught
from training.phrases import collect_phrases, vocabulary_text
from training.synonyms import _is_other_thing, find_synonyms
from training.wordnet import Taxonomy, adjectives, synsets, things


def test_synsets_leave_proper_names_out(data):
    found = synsets(data, "noun")
    assert (5, ["basenji"], "a small dog") in found
    assert (5, ["dog", "domestic dog"], "a domestic animal") in found


def test_things_and_adjectives(data):
    lemmas, glosses = things(data)
    assert lemmas == ["dog", "domestic dog", "foxhound", "basenji", "cat", "true cat", "tabby"]
    assert "a hunting dog" in glosses
    assert "that which exists" not in glosses
    assert adjectives(data) == ["tiny"]


def test_taxonomy(data):
    taxonomy = Taxonomy(data)
    assert taxonomy.hyponyms["00000002"] == ["00000003", "00000004"]
    assert taxonomy.senses["dog"] == ["00000002", "00000007"]
    assert taxonomy.senses["domestic dog"] == ["00000002"]


def test_nearest_taught_hypernym(data):
    owner = nearest_taught(Taxonomy(data), load_words(data))
    assert owner["00000003"] == "dog"
    assert owner["00000006"] == "cat"
    assert "00000001" not in owner


@pytest.mark.parametrize(
    ("word", "name", "expected"),
    [
        ("rocket engine", "rocket", True),
        ("sailfish", "sail", True),
        ("lorry", "truck", False),
        ("dog", "dog", False),
    ],
)
def test_compounds_are_other_things(word, name, expected):
    assert _is_other_thing(word, name) is expected


def test_synonyms_go_to_the_nearest_name(data):
    phrases = collect_phrases(data)
    place = {phrase: at for at, phrase in enumerate(phrases)}
    embedded = np.zeros((len(phrases), 4), np.float16)
    for axis, words in enumerate((["dog", "foxhound"], ["cat", "tabby", "cat face"], ["rocket"])):
        embedded[[place[word] for word in words], axis] = 1
    find_synonyms(data, phrases, embedded)
    found = json.loads((data / "neighbours.json").read_text())
    assert found["dog"] == ["foxhound", "domestic dog"]
    assert "tabby" in found["cat"]
    assert "rocket" not in found


def test_phrases_are_distinct_and_repeatable(data):
    phrases = collect_phrases(data)
    assert phrases == collect_phrases(data)
    assert len(phrases) == len(set(phrases))
    assert all(phrase and phrase == phrase.lower() for phrase in phrases)
    assert {"foxhound", "a hunting dog", "tiny", "red apple"} <= set(phrases)


def test_common_words_are_repeated_for_the_vocabulary(data, tmp_path):
    (tmp_path / "tokenizer.json").write_text(
        json.dumps({"model": {"vocab": {"dog": 0, "##s": 1, "xyzzy": 2}}})
    )
    assert vocabulary_text(data, ["a phrase"], tmp_path) == ["a phrase", *["dog"] * 8]
