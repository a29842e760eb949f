"""The vocabulary: CLIP's byte-pair encoding, trained on the model's own phrases."""

import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

VOCABULARY = 16384
LENGTH = 32  # tokens of a prompt, with start and end
START, END = "<|startoftext|>", "<|endoftext|>"
SPLIT = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def train_vocabulary(phrases: list[str], folder: Path) -> None:
    """Writes a tokenizer folder. As in CLIP, ids are bytes, bytes that end a word, merges, special tokens."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY + 2000,
        end_of_word_suffix="</w>",
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(phrases, trainer)
    merges = [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = alphabet + [letter + "</w>" for letter in alphabet]
    known = set(tokens)
    kept = []
    for left, right in merges:
        if len(tokens) >= VOCABULARY - 2:
            break
        if left in known and right in known:
            kept.append(f"{left} {right}")
            if left + right not in known:
                known.add(left + right)
                tokens.append(left + right)
    tokens += [START, END]
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: at for at, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(kept) + "\n", encoding="utf8")
    marker = {"content": END, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "CLIPTokenizer",
                "model_max_length": LENGTH,
                "do_lower_case": True,
                "add_prefix_space": False,
                "errors": "replace",
                "bos_token": START,
                "eos_token": END,
                "unk_token": END,
                "pad_token": END,
            },
            indent=2,
        )
        + "\n",
        encoding="utf8",
    )
    (folder / "special_tokens_map.json").write_text(
        json.dumps(
            {
                "bos_token": {**marker, "content": START},
                "eos_token": marker,
                "pad_token": END,
                "unk_token": marker,
            },
            indent=2,
        )
        + "\n",
        encoding="utf8",
    )


def load_tokenizer(folder: Path) -> CLIPTokenizer:
    """transformers' CLIPTokenizer of the folder."""
    return CLIPTokenizer.from_pretrained(folder)
