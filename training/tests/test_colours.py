"""Main colours and changed colours of artwork."""

import numpy as np
import pytest

from training.colours import HUES, TARGETS, dominant, recolour


def square(*rgb: int) -> np.ndarray:
    """A square of one colour on a transparent ground, (64, 64, 4)."""
    rgba = np.zeros((64, 64, 4), np.uint8)
    rgba[8:56, 8:56] = (*rgb, 255)
    return rgba


@pytest.mark.parametrize(
    ("rgb", "word"),
    [((230, 20, 20), "red"), ((30, 160, 40), "green"), ((40, 90, 230), "blue"), ((110, 70, 20), "brown")],
)
def test_dominant(rgb, word):
    found = dominant(square(*rgb))
    assert found is not None
    assert found[1] == word


def test_grey_and_many_colours_have_no_dominant_one():
    assert dominant(square(128, 128, 128)) is None
    mixed = square(230, 20, 20)
    mixed[:, 16:32, :3] = (30, 160, 40)
    mixed[:, 32:48, :3] = (40, 90, 230)
    mixed[:, 48:, :3] = (250, 220, 40)
    assert dominant(mixed) is None


@pytest.mark.parametrize("target", ["red", "orange", "green", "teal", "blue", "purple"])
def test_recolour_gives_the_asked_colour(target):
    red = square(230, 20, 20)
    hue, _word = dominant(red)
    assert dominant(recolour(red, hue, target))[1] == target


@pytest.mark.parametrize("target", TARGETS)
def test_recolour_keeps_opacity_and_other_hues(target):
    rgba = square(230, 20, 20)
    rgba[40:56, 8:56, :3] = (40, 90, 230)
    changed = recolour(rgba, HUES["red"], target)
    assert changed.dtype == np.uint8
    assert (changed[..., 3] == rgba[..., 3]).all()
    assert (changed[40:56, 8:56] == rgba[40:56, 8:56]).all()
