"""Makes test/fixtures/tokenizers/published.json: token ids of texts with the vocabulary of CLIP.

    python scripts/reference/published_tokenizers.py bpe_simple_vocab_16e6.txt.gz

The file is that of OpenAI; packages such as open_clip_torch have it. The ids are those of transformers.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

from transformers import CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

FIXTURE = Path(__file__).parents[2] / "test" / "fixtures" / "tokenizers" / "published.json"
TEXTS = [
    "a photo of an astronaut riding a horse on mars",
    "",
    "Großmutter's naïve façade — 北京, 東京; हिन्दी عربى 🍎🚀",
    "HIGHLY detailed!!! 8k, (masterpiece:1.2) don't 1234567890",
    "antidisestablishmentarianism supercalifragilistic xqzjkv",
    "one " * 90,
]


def tokenizer(merges: list[str], padding: str) -> CLIPTokenizer:
    characters = list(bytes_to_unicode().values())
    tokens = characters + [character + "</w>" for character in characters]
    tokens += [merge.replace(" ", "") for merge in merges] + ["<|startoftext|>", "<|endoftext|>"]
    assert len(tokens) == 49408
    with tempfile.TemporaryDirectory() as folder:
        vocab = {token: id for id, token in enumerate(tokens)}
        (Path(folder) / "vocab.json").write_text(json.dumps(vocab))
        (Path(folder) / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
        special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
        special |= {"unk_token": "<|endoftext|>", "pad_token": padding}
        (Path(folder) / "special_tokens_map.json").write_text(json.dumps(special))
        return CLIPTokenizer.from_pretrained(folder, model_max_length=77)


def main(file: str) -> None:
    lines = gzip.decompress(Path(file).read_bytes()).decode().split("\n")
    merges = lines[1 : 49152 - 256 - 2 + 1]
    cases = []
    for padding in ("<|endoftext|>", "!"):
        model = tokenizer(merges, padding)
        for text in TEXTS:
            ids = model(text, padding="max_length", truncation=True, max_length=77).input_ids
            cases.append({"padding": padding, "text": text, "ids": ids})
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    FIXTURE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
