"""Trains the small CLIP vocabulary of the test fixtures (test/fixtures/tokenizers/small).

Its order is that of CLIP: 256 bytes, the same 256 at the end of a word, the merges, the two special tokens.

    python scripts/reference/small_vocabulary.py
"""

import collections
import json
import pathlib

from transformers.convert_slow_tokenizer import bytes_to_unicode

FOLDER = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "tokenizers" / "small"
MERGES = 400
TEXT = """
a red apple on a white table , a photo of an astronaut riding a horse on mars , the cat and the dog play in
the garden , a watercolor painting of a rocket over the mountains at night , blue sky with white clouds , an
oil painting of the sea in a storm , best quality , highly detailed , sharp focus , blurry , low quality , a
small house by the lake in the forest , portrait of a woman with green eyes , three yellow flowers in a vase
, icon of a heart , flat design , white background , purple car , orange cat , pink bird , black and white
drawing , a cup of coffee and a slice of cake , the quick brown fox jumps over the lazy dog , it 's a dog 's
life , i don 't know what you 're doing , we 've been there , i 'm here , they 'll come , he 'd go , 2 cats
10 dogs , digital art , concept art , cinematic light , soft light , ultra realistic photograph , stained
glass window , cafe creme , naive facade , uber strasse , jalapeno , schon fur mich , a tree house with a
ladder and a lamp
"""


def train(text: str, count: int) -> list[tuple[str, str]]:
    """Byte-pair encoding: the most frequent pair first, ties in alphabetical order."""
    encoder = bytes_to_unicode()
    words = collections.Counter(text.lower().split())
    symbols = {}
    for word in words:
        characters = [encoder[byte] for byte in word.encode()]
        symbols[word] = characters[:-1] + [characters[-1] + "</w>"]
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, parts in symbols.items():
            for pair in zip(parts, parts[1:], strict=False):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, parts in symbols.items():
            symbols[word] = merge(parts, best)
    return merges


def merge(parts: list[str], pair: tuple[str, str]) -> list[str]:
    merged, position = [], 0
    while position < len(parts):
        if tuple(parts[position : position + 2]) == pair:
            merged.append(pair[0] + pair[1])
            position += 2
        else:
            merged.append(parts[position])
            position += 1
    return merged


def main() -> None:
    merges = train(TEXT, MERGES)
    letters = list(bytes_to_unicode().values())
    tokens = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    assert len(set(tokens)) == len(tokens)
    FOLDER.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: id for id, token in enumerate(tokens)}
    text = json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / "vocab.json").write_text(text + "\n", encoding="utf-8")
    lines = ["#version: 0.2"] + [" ".join(pair) for pair in merges]
    (FOLDER / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(tokens), "tokens")


if __name__ == "__main__":
    main()
