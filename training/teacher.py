"""The teacher of the text encoder: the sentence encoder all-MiniLM-L6-v2."""

import os
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from .phrases import collect_phrases
from .trainer import pick_device


class Teacher:
    """Embeds phrases as 384 numbers of unit length: the mean over the tokens, normalised."""

    def __init__(self, folder: Path):
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
        torch.set_num_threads(os.cpu_count() or 1)  # this is a single process, so it uses every core
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
    """The phrases and the teacher's embeddings (n, 384) float16, computed once and kept in `data`."""
    listing, values = data / "phrases.txt", data / "phrases.npy"
    if not values.exists():
        phrases = collect_phrases(data)
        embedded = Teacher(teacher_folder).embed(phrases)
        listing.write_text("\n".join(phrases), encoding="utf8")
        np.save(data / "phrases.tmp.npy", embedded)
        (data / "phrases.tmp.npy").rename(values)
    return listing.read_text(encoding="utf8").split("\n"), np.load(values)
