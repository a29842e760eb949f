"""The variants of the artwork that the UNet is shown."""

import numpy as np
import pytest

from training import variants
from training.held_out_split import colour_is_held_out

PIECES = [
    {"source": source, "name": name, "group": group}
    for source in ("fluentflat", "fluent3d", "fluentline")
    for name, group in (
        ("dog", 3),
        ("automobile", 5),
        ("right arrow", 8),
        ("bassoon", 7),
        ("grinning face", 0),
    )
]
COLOURS = [(154, "blue"), (0, "red"), (0, "red"), None, (35, "yellow")] * 3


@pytest.fixture
def notes(monkeypatch):
    monkeypatch.setattr(variants, "PAIRS", 40)
    return variants.make_notes(PIECES, COLOURS.__getitem__, np.random.default_rng(0), 0, 1)


def singles(notes, name: str) -> list[dict]:
    return [note for note in notes if note["other"] is None and PIECES[note["piece"]]["name"] == name]


def test_the_same_seed_gives_the_same_notes(notes):
    assert notes == variants.make_notes(PIECES, COLOURS.__getitem__, np.random.default_rng(0), 0, 1)


def test_workers_share_the_pieces(monkeypatch):
    monkeypatch.setattr(variants, "PAIRS", 0)
    parts = [
        variants.make_notes(PIECES, COLOURS.__getitem__, np.random.default_rng(part), part, 2)
        for part in (0, 1)
    ]
    assert {note["piece"] for note in parts[0]} == set(range(0, len(PIECES), 2))
    assert {note["piece"] for note in parts[1]} == set(range(1, len(PIECES), 2))


def test_the_first_variant_is_as_drawn(notes):
    first = singles(notes, "dog")[0]
    assert (first["colour"], first["scale"], first["mirror"], first["ground"]) == ("", 1.0, False, "")


def test_what_is_not_taught_has_one_variant_per_piece(notes):
    assert len(singles(notes, "bassoon")) == 3


def test_what_has_a_direction_is_not_mirrored(notes):
    assert not any(note["mirror"] for note in singles(notes, "right arrow"))
    assert any(note["mirror"] for note in singles(notes, "dog"))


def test_faces_and_line_art_keep_their_colour(notes):
    assert not any(note["colour"] for note in singles(notes, "grinning face"))
    line_art = [note for note in singles(notes, "dog") if PIECES[note["piece"]]["source"] == "fluentline"]
    assert not any(note["colour"] for note in line_art if not note["moved"])


def test_held_out_colours_are_never_shown(notes):
    for note in notes:
        name = PIECES[note["piece"]]["name"]
        for colour in (note["colour"], note["natural"]):
            assert not colour or not colour_is_held_out(colour, name)


def test_pairs_are_two_common_things_of_one_style(notes):
    pairs = [note for note in notes if note["other"] is not None]
    assert len(pairs) == 40
    for note in pairs:
        left, right = PIECES[note["piece"]], PIECES[note["other"]]
        assert left["source"] == right["source"]
        assert {left["name"], right["name"]} <= {"dog", "automobile"}
