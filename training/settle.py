"""Teaches the text encoder to take a word that nothing was drawn for as the nearest thing that was drawn.

A UNet that saw some three thousand words makes a blob of a thirty-thousandth, however near the encoder has put it
to one it knows: "near" is in between, and in between nothing was ever drawn. So the encoder goes on learning, with
pairs of captions that differ in one word: what it says of "a small foxhound" is to be what it said of "a small
dog". What it says of the captions themselves stays as it was.
"""

import copy
import json
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import CLIPTextModel

from .captions import Words, caption, load_words, plain_note, plural
from .colours import BACKGROUNDS, TARGETS
from .nearest import words_to_learn
from .nouns import COMMON, TAUGHT, names_of
from .phrases import Teacher
from .text_encoder import token_ids
from .tokenizer import LENGTH
from .trainer import Plan, pick_device, team_size, train

SAME = 0.35  # share of captions that are to stay as they are
PLURAL = 0.08  # share of the words that are met in the plural
WHOLE = 0.25  # share of batches with all of the padding that the UNet sees, which says the same again
BATCH = 128  # of all processes that train together


def _by_name(words: Words) -> Words:
    """A piece without the further words that it is called by now and then."""
    names = list(dict.fromkeys(names_of(words.phrases[0])))
    return Words(words.source, words.group, names, [1.0] * len(names))


class Pairs:
    """Makes captions, each with the one that it is to be taken for: the same, or with the word that is known."""

    def __init__(self, data: Path, learned: dict[str, tuple[str, float]]):
        self.listed = [_by_name(words) for words in load_words(data)]
        self.taught = [at for at, words in enumerate(self.listed) if words.phrases[0] in TAUGHT]
        self.beside = [at for at in self.taught
                       if self.listed[at].phrases[0] in COMMON and self.listed[at].source == "fluentflat"]
        self.learned = {word: plain for word, (plain, _weight) in learned.items()}
        self.weights = np.cumsum([weight for _plain, weight in learned.values()]).tolist()

    def _note(self, rng: random.Random) -> dict:
        note = plain_note(rng.choice(self.taught))
        note["colour"] = rng.choice(TARGETS) if rng.random() < 0.25 else ""
        note["small"] = rng.random() < 0.1
        note["ground"] = rng.choice(list(BACKGROUNDS)) if rng.random() < 0.1 else ""
        if rng.random() < 0.15:
            note["other"] = rng.choice(self.beside)
        return note

    def _called(self, note: dict, name: str, seed: int) -> str:
        """The note's caption with its thing called `name`; the same but for it with the same seed."""
        at = note["piece"]
        own = self.listed[at]
        self.listed[at] = Words(own.source, own.group, [name], [1.0])
        text = caption(self.listed, note, random.Random(seed))
        self.listed[at] = own
        return text

    def draw(self, rng: random.Random, count: int) -> list[tuple[str, str]]:
        """`count` pairs."""
        made = []
        for word in rng.choices(list(self.learned), cum_weights=self.weights, k=count):
            note, seed = self._note(rng), rng.getrandbits(32)
            if rng.random() < SAME:
                text = caption(self.listed, note, rng)
                made.append((text, text))
            else:
                met = plural(word) if rng.random() < PLURAL else word
                made.append((self._called(note, met, seed), self._called(note, self.learned[word], seed)))
        return made


def _aligned(given: list[int], known: list[int], articles: set[int]) -> np.ndarray:
    """For each of LENGTH places of the tokens `given`, the place in `known` whose state it is to have: what both
    begin and end with, as it stands; between them from the end on; and the padding after the end."""

    def alike(one: int, other: int) -> bool:
        return one == other or {one, other} <= articles

    shorter = min(len(given), len(known))
    head = next((at for at in range(shorter) if not alike(given[at], known[at])), shorter)
    tail = next((at for at in range(shorter - head) if given[-1 - at] != known[-1 - at]), shorter - head)
    places = np.arange(LENGTH) + len(known) - len(given)
    places[:head] = np.arange(head)
    middle = slice(head, len(given) - tail)
    places[middle] = np.maximum(places[middle], min(head, len(known) - 1 - tail))
    return places.clip(0, LENGTH - 1)


def settle_words(encoder: CLIPTextModel, data: Path, tokenizer, teacher: Teacher, work: Path, minutes: float,
                 workers: int) -> CLIPTextModel:
    """The text encoder, gone on learning (see above), from work/words.pt where that exists."""
    target = data / "nearest.json"
    if not target.exists():
        target.write_text(json.dumps(words_to_learn(data, teacher), indent=0), encoding="utf8")
    pairs = Pairs(data, json.loads(target.read_text(encoding="utf8")))
    known = copy.deepcopy(encoder).to(pick_device()).eval().requires_grad_(False)
    articles = {tokenizer.convert_tokens_to_ids(f"{article}</w>") for article in ("a", "an")}

    def loss_of(model: nn.Module, rng: np.random.Generator, _progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        texts = pairs.draw(random.Random(int(rng.integers(1 << 31))), batch)
        ids, ends = token_ids(tokenizer, [given for given, _known in texts])
        known_ids, known_ends = token_ids(tokenizer, [text for _given, text in texts])
        places = np.stack([_aligned(a[: e + 1].tolist(), b[: f + 1].tolist(), articles)
                           for a, e, b, f in zip(ids, ends, known_ids, known_ends, strict=True)])
        whole = rng.random() < WHOLE
        length = LENGTH if whole else min(LENGTH, int(max(ends.max(), known_ends.max())) + 3)

        def states(model: nn.Module, tokens: np.ndarray) -> torch.Tensor:
            tokens = torch.from_numpy(tokens[:, :length].astype(np.int64)).to(device)
            return model(input_ids=tokens).last_hidden_state.float()

        with torch.no_grad():
            at = torch.from_numpy(places[:, :length].clip(max=length - 1)).to(device)[..., None]
            wanted = states(known, known_ids)
            wanted = wanted.gather(1, at.expand_as(wanted))
        return F.mse_loss(states(model, ids), wanted)

    batch = max(1, BATCH // team_size(workers))
    plan = Plan("words", minutes, lr=4e-4, batch=batch, warmup_samples=10000, decay=0.6, weight_decay=0.01,
                workers=workers, betas=(0.9, 0.98))
    return train(encoder, plan, loss_of, work)
