"""Helpers that need the packages of training: skipped where they are missing."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("tokenizers")

from training.image_transforms import move, on_background, to_tensor
from training.text_encoder import token_ids
from training.tokenizer import LENGTH, VOCABULARY, load_tokenizer, train_vocabulary
from training.trainer import Plan, rate

PHRASES = ["a red apple", "a green apple", "two dogs", "a small dog on a blue background"] * 5


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    train_vocabulary(PHRASES, folder)
    return folder


def test_vocabulary_has_the_order_of_clip(tokenizer):
    tokens = list(json.loads((tokenizer / "vocab.json").read_text(encoding="utf8")))
    assert len(tokens) <= VOCABULARY
    assert [f"{token}</w>" for token in tokens[:256]] == tokens[256:512]
    assert tokens[-2:] == ["<|startoftext|>", "<|endoftext|>"]
    merges = (tokenizer / "merges.txt").read_text(encoding="utf8").splitlines()[1:]
    assert ["".join(merge.split()) for merge in merges] == tokens[512:-2]


def test_token_ids_are_padded_with_the_end(tokenizer):
    loaded = load_tokenizer(tokenizer)
    ids, ends = token_ids(loaded, ["dogs", "a red apple " * 40])
    assert ids.shape == (2, LENGTH)
    assert ids[0, 0] == loaded.bos_token_id
    assert (ids[0, ends[0] :] == loaded.eos_token_id).all()
    assert ends[1] == LENGTH - 1


def test_learning_rate():
    plan = Plan("test", minutes=1, lr=1.0, batch=10, warmup_samples=100, decay=0.5)
    assert rate(plan, 0, 0) == pytest.approx(0.1)
    assert rate(plan, 0.4, 1000) == 1
    assert rate(plan, 0.75, 1000) == pytest.approx(0.5)
    assert rate(plan, 1.2, 1000) == 0


def test_move_and_background():
    rgba = np.zeros((1, 8, 8, 4), np.uint8)
    rgba[0, :, 2:4] = (255, 0, 0, 255)
    colour, alpha = to_tensor(rgba)
    moved, opacity = move(colour, alpha, np.ones(1), np.zeros((1, 2)), np.array([True]))
    assert opacity[0, 0, 4].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]
    image = on_background(moved, opacity, torch.tensor([[0.0, 0.0, 1.0]]))
    assert image[0, :, 4, 0].tolist() == [-1, -1, 1]
    assert image[0, :, 4, 4].tolist() == [1, -1, -1]
