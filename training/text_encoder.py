"""The text encoder: a small CLIPTextModel that learns meaning from a sentence encoder.

Two outputs of the student are trained to give the teacher's embedding of a phrase (through linear layers that
are dropped afterwards): the state at the end token, and the mean of the states of the words. The mean keeps
the states of single tokens meaningful, which the cross-attention of the UNet reads. The end is trained at
every position of the padding too, because diffusers passes the padding to the UNet.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import CLIPTextConfig, CLIPTextModel

from .teacher import Teacher
from .tokenizer import LENGTH, VOCABULARY
from .trainer import Plan, train

WIDTH = 256
TEMPERATURE = 0.07
SPREAD = 0.05  # standard deviation of the token embeddings at the start


def text_config() -> CLIPTextConfig:
    """The CLIPTextModel's configuration."""
    return CLIPTextConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        num_hidden_layers=4,
        num_attention_heads=4,
        max_position_embeddings=LENGTH,
        hidden_act="quick_gelu",
        projection_dim=WIDTH,
        bos_token_id=VOCABULARY - 2,
        eos_token_id=VOCABULARY - 1,
        pad_token_id=VOCABULARY - 1,
    )


class Student(nn.Module):
    """The text encoder and the two heads that compare it with the teacher."""

    def __init__(self):
        super().__init__()
        self.encoder = CLIPTextModel(text_config())
        self.at_end = nn.Linear(WIDTH, 384)
        self.at_words = nn.Linear(WIDTH, 384)


@torch.no_grad()
def start_from_words(student: Student, tokenizer, teacher: Teacher) -> None:
    """Sets every token embedding to the teacher's embedding of its text, reduced to WIDTH dimensions.

    Most common words are one token, so the student starts with their meanings and learns to combine them.
    """
    texts = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    meaning = torch.from_numpy(teacher.embed([text.removesuffix("</w>") for text, _number in texts])).float()
    meaning -= meaning.mean(0)
    _left, sizes, directions = torch.linalg.svd(meaning, full_matrices=False)
    reduced = meaning @ directions[:WIDTH].T
    table = student.encoder.get_input_embeddings().weight
    table.copy_(reduced * (SPREAD / reduced.std()))
    for head in (student.at_end, student.at_words):
        head.weight.copy_(directions[:WIDTH].T * 0.1)


def token_ids(tokenizer, phrases: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Token ids (n, LENGTH) int16, padded with the end token, and the position of the end token, (n,)."""
    ids = np.full((len(phrases), LENGTH), tokenizer.eos_token_id, np.int16)
    ends = np.zeros(len(phrases), np.int16)
    for start in range(0, len(phrases), 4096):
        coded = tokenizer(phrases[start : start + 4096], truncation=True, max_length=LENGTH)["input_ids"]
        for row, one in enumerate(coded, start):
            ids[row, : len(one)] = one
            ends[row] = len(one) - 1
    return ids, ends


def _agreement(made: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """1 - cosine, plus the KL divergence of the similarities within the batch from the teacher's."""
    made = F.normalize(made.float(), dim=1)
    near = 1 - (made * target).sum(1).mean()
    teacher = (target @ target.T / TEMPERATURE).softmax(1)
    student = (made @ target.T / TEMPERATURE).log_softmax(1)
    return near + 0.2 * F.kl_div(student, teacher, reduction="batchmean")


def released_text_encoder(folder: Path) -> CLIPTextModel:
    """The text encoder of a released model, in float32."""
    return CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32).eval()


def train_text_encoder(
    phrases: list[str],
    embedded: np.ndarray,
    tokenizer,
    teacher: Teacher,
    work: Path,
    minutes: float,
    workers: int,
) -> CLIPTextModel:
    """Distils the teacher's embeddings (n, 384) of the phrases into a CLIPTextModel."""
    student = Student()
    start_from_words(student, tokenizer, teacher)
    ids, ends = token_ids(tokenizer, phrases)
    order = np.argsort(ends, kind="stable")
    batch, rows = 128, len(phrases)

    def loss_of(model: Student, rng: np.random.Generator, _progress: float) -> torch.Tensor:
        device = next(model.parameters()).device
        # phrases of about one length need little padding; two groups, to mix lengths
        starts = rng.integers(0, rows - batch // 2, 2)
        picked = np.concatenate([order[start : start + batch // 2] for start in starts])
        length = int(ends[picked].max()) + 1
        padded = rng.random() < 0.2
        length = LENGTH if padded else min(LENGTH, length)
        tokens = torch.from_numpy(ids[picked, :length].astype(np.int64)).to(device)
        end = torch.from_numpy(ends[picked].astype(np.int64)).to(device)
        target = torch.from_numpy(embedded[picked].astype(np.float32)).to(device)
        hidden = model.encoder(input_ids=tokens).last_hidden_state
        read = end
        if padded:
            spread = torch.rand(len(end), device=device) * (length - end)
            read = end + spread.long()
        last = hidden[torch.arange(len(end), device=device), read]
        place = torch.arange(length, device=device)[None]
        words = ((place > 0) & (place < end[:, None]))[..., None]
        mean = (hidden * words).sum(1) / words.sum(1).clamp(min=1)
        return _agreement(model.at_end(last), target) + 0.5 * _agreement(model.at_words(mean), target)

    plan = Plan(
        "text_encoder",
        minutes,
        lr=1e-3,
        batch=batch,
        warmup_samples=20000,
        decay=0.7,
        weight_decay=0.02,
        workers=workers,
        betas=(0.9, 0.98),
    )
    return train(student, plan, loss_of, work).encoder
