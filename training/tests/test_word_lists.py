"""The lists of training/data."""

from collections import Counter

from training.assign_words import ICON_MEANINGS
from training.data import load
from training.held_out_split import PHRASINGS, phrase_is_held_out
from training.taught_things import COMMON, FURTHER, PLAIN, TAUGHT, USEFUL, WIDER, names_of, plain_word


def test_every_list_names_a_thing_once():
    lists = load("taught_things")
    names = [name for key in ("common", "useful", "further") for name in lists[key]]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert (len(COMMON), len(USEFUL), len(FURTHER), len(TAUGHT)) == (251, 99, 369, 719)


def test_plain_words_and_exceptions_are_of_taught_things():
    assert PLAIN.keys() <= TAUGHT
    assert WIDER <= TAUGHT
    assert all(PLAIN.values())


def test_no_plain_word_is_given_to_two_things():
    words = Counter(word for plain in PLAIN.values() for word in plain)
    assert [word for word, count in words.items() if count > 1] == []


def test_names_of_a_thing():
    assert names_of("automobile") == ["automobile", "car"]
    assert plain_word("hot beverage") == "coffee"
    assert names_of("banana") == ["banana", "banana"]


def test_abstract_words_stand_for_taught_things():
    plain = {word for name in TAUGHT for word in names_of(name)}
    assert {thing for thing in ICON_MEANINGS.values() if thing not in plain} == set()
    meanings = load("icon_meanings")
    assert len(ICON_MEANINGS) == sum(len(words) for words in meanings.values())
    assert ICON_MEANINGS["idea"] == "light bulb"


def test_held_out_words_mean_common_things_and_name_none():
    assert len(PHRASINGS) == 72
    assert {name for name in PHRASINGS.values() if not {name, f"{name} face"} & COMMON} == set()
    assert [word for name in TAUGHT for word in names_of(name) if phrase_is_held_out(word)] == []
