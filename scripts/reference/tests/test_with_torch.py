"""Helpers that need the packages of the reference scripts: skipped where they are missing."""

import base64
import json
import struct
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from shared.fixture_arrays import Arrays
from shared.random_weights import random_input, random_weight

FIXTURES = Path(__file__).parents[3] / "test" / "fixtures"


def test_random_input_is_what_the_fixture_of_noise_holds():
    stream = json.loads((FIXTURES / "noise.json").read_text())["streams"][0]
    generator = torch.Generator("cpu").manual_seed(int(stream["seed"]))
    for draw in stream["draws"]:
        values = torch.randn(draw["count"], generator=generator).tolist()
        stored = base64.b64decode(draw["values"])
        assert values == pytest.approx(struct.unpack(f"<{draw['count']}f", stored), rel=1e-5, abs=1e-6)


def test_weights_depend_on_name_and_shape_only():
    first = random_weight("conv_in.weight", [4, 3, 3, 3], "F32")
    random_weight("other", [2], "F32")
    assert torch.equal(first, random_weight("conv_in.weight", [4, 3, 3, 3], "F32"))
    assert not torch.equal(first, random_weight("conv_out.weight", [4, 3, 3, 3], "F32"))


def test_weights_are_scaled_by_their_kind():
    assert random_weight("a.weight", [500, 100], "F32").std().item() == pytest.approx(0.1, rel=0.05)
    norm = random_weight("norm.weight", [5000], "F32")
    assert norm.mean().item() == pytest.approx(1, abs=0.01)
    assert norm.std().item() == pytest.approx(0.1, rel=0.05)
    assert random_weight("norm.bias", [5000], "F32").std().item() == pytest.approx(0.05, rel=0.05)
    assert random_weight("norm.bias", [5], "F16").dtype == torch.float16


def test_arrays_are_aligned_and_described():
    arrays = Arrays()
    arrays.add("ids", torch.tensor([[1, 2, 3]]))
    arrays.add("values", torch.tensor([0.5, -1.5]).double())
    stored = arrays.bytes()
    assert arrays.table == {
        "ids": {"dtype": "int32", "shape": [1, 3], "offset": 0},
        "values": {"dtype": "float64", "shape": [2], "offset": 16},
    }
    assert stored[12:16] == b"\0" * 4
    assert torch.frombuffer(bytearray(stored[16:]), dtype=torch.float64).tolist() == [0.5, -1.5]


def test_random_inputs_are_not_stored():
    arrays = Arrays()
    drawn = arrays.randn("sample", [2, 3])
    assert arrays.bytes() == b""
    assert torch.equal(drawn, random_input(arrays.table["sample"]["seed"], [2, 3]))


def test_a_name_is_used_once():
    arrays = Arrays()
    arrays.add("x", torch.zeros(1))
    with pytest.raises(AssertionError):
        arrays.add("x", torch.zeros(1))


def test_weights_of_prompts():
    pytest.importorskip("diffusers")
    prompts = pytest.importorskip("prompts")
    assert prompts.read_weights("a (red:1.4) [apple]") == [
        ("a ", 1.0),
        ("red", 1.4),
        (" ", 1.0),
        ("apple", pytest.approx(1 / 1.1)),
    ]
    assert prompts.read_weights("one BREAK two") == [("one", 1.0), ("BREAK", None), ("two", 1.0)]


def test_byte_pairs_of_the_small_vocabulary():
    pytest.importorskip("transformers")
    small = pytest.importorskip("small_vocabulary")
    assert small.merge(["a", "b", "a", "b</w>"], ("a", "b")) == ["ab", "a", "b</w>"]
    assert small.train("aab aab ab", 2) == [("a", "b</w>"), ("a", "ab</w>")]
