"""The short phrases on which the text encoder learns what words mean, and the teacher's view of them."""

import json
import os
import random
from pathlib import Path

import numpy as np
import torch

from .captions import example_phrases, load_words
from .colours import TARGETS
from .trainer import pick_device
from .wordnet import THINGS, adjectives, synsets, things

COMMONNESS = 8  # how often the common words are counted when the vocabulary is made


def collect_phrases(data: Path, seed: int = 0) -> list[str]:
    """About 150,000 distinct lower-case phrases: captions, WordNet words, glosses and combinations."""
    rng = random.Random(seed)
    nouns, glosses = things(data)
    words = adjectives(data)
    names = sorted({words.phrases[0] for words in load_words(data)})
    phrases = dict.fromkeys(example_phrases(data, rng, each=3))
    phrases.update(dict.fromkeys(nouns))
    phrases.update(dict.fromkeys(glosses))
    phrases.update(dict.fromkeys(words))
    simple = [noun for noun in nouns if " " not in noun] + names * 8

    pick = rng.choice
    for _ in range(12000):
        phrases[f"{pick(TARGETS)} {pick(simple)}"] = None
        phrases[f"{pick(simple)} and {pick(simple)}"] = None
    for _ in range(6000):
        phrases[f"a {pick(words)} {pick(simple)}"] = None
        phrases[f"{pick(names)} with a {pick(simple)}"] = None
        phrases[f"a cute little {pick(simple)}"] = None
    return [phrase for phrase in phrases if phrase]


def vocabulary_text(data: Path, phrases: list[str], teacher_folder: Path) -> list[str]:
    """What the vocabulary is trained on: the phrases, and often the words for things that the teacher
    has whole, because those are the common ones and each should be one token."""
    words = json.loads((teacher_folder / "tokenizer.json").read_text(encoding="utf8"))["model"]["vocab"]
    nouns = [lemma for number, lemmas, _gloss in synsets(data, "noun") if number in THINGS for lemma in lemmas]
    parts = {part for noun in [*nouns, *phrases[:60000]] for part in noun.split()}
    return phrases + [word for word in words if len(word) > 2 and word in parts] * COMMONNESS


class Teacher:
    """all-MiniLM-L6-v2: phrases to 384 numbers of unit length (mean over tokens, normalised)."""

    def __init__(self, folder: Path):
        from tokenizers import Tokenizer
        from transformers import BertModel

        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(48)
        self.model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()

    @torch.no_grad()
    def embed(self, phrases: list[str], batch: int = 128) -> np.ndarray:
        """(n, 384) float16."""
        device = pick_device()
        self.model.to(device)
        threads = torch.get_num_threads()
        torch.set_num_threads(os.cpu_count() or 1)  # one process here: every core is its own
        coded = [encoding.ids for encoding in self.tokenizer.encode_batch(phrases)]
        order = sorted(range(len(coded)), key=lambda at: len(coded[at]))
        out = np.zeros((len(phrases), 384), np.float16)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            longest = max(len(coded[at]) for at in rows)
            ids = torch.zeros(len(rows), longest, dtype=torch.long)
            mask = torch.zeros(len(rows), longest)
            for row, at in enumerate(rows):
                ids[row, : len(coded[at])] = torch.tensor(coded[at])
                mask[row, : len(coded[at])] = 1
            ids, mask = ids.to(device), mask.to(device)
            with torch.autocast(device.type, torch.bfloat16):
                hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            out[rows] = torch.nn.functional.normalize(mean, dim=1).cpu().numpy()
        torch.set_num_threads(threads)
        return out


def embed_phrases(data: Path, teacher_folder: Path) -> tuple[list[str], np.ndarray]:
    """The phrases and the teacher's embeddings, computed once and kept in data/."""
    listing, values = data / "phrases.txt", data / "phrases.npy"
    if not values.exists():
        phrases = collect_phrases(data)
        embedded = Teacher(teacher_folder).embed(phrases)
        listing.write_text("\n".join(phrases), encoding="utf8")
        np.save(data / "phrases.tmp.npy", embedded)
        (data / "phrases.tmp.npy").rename(values)
    return listing.read_text(encoding="utf8").split("\n"), np.load(values)
