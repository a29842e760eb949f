"""Encodes weighted and long prompts with small random text encoders, and draws with one of them.

    python scripts/reference/prompts.py     (diffusers 0.42, transformers 5, torch 2 on the CPU)

The notation and the arithmetic are those of AUTOMATIC1111 (its prompt parser, 75-token chunks that end after
a comma, "Original" emphasis), written again in a simple form. As there, texts of different lengths use
separate calls of the UNet. Writes test/fixtures/prompts/.
"""

import json
import pathlib
import re
import shutil
import tempfile

import diffusers
import torch
import transformers

from cases.pipelines import CASES
from pipelines import FIXTURES, copy_tokenizers, write_folder, write_weights
from shared.fixture_arrays import Arrays

ROOM = 75
BACKTRACK = 20
WEIGHT = re.compile(r":\s*([+-]?[.\d]+)\s*\)")
APPLES = "a red apple on a white table, highly detailed"
PROMPTS = {
    "plain": APPLES,
    "empty": "",
    "weighted": "a (red:1.4) apple on a [white] ((table)), (highly detailed:0.3)",
    "negative-weight": "a red apple, (blurry:-0.5)",
    "zero": "(a red apple on a white table:0)",
    "break": "a red (apple) BREAK on a white [table] BREAK",
    "escaped": "a red apple \\(on a white table\\), (highly \\[detailed\\]:1.2)",
    "long": ", ".join([APPLES] * 12),
    "long-no-comma": " ".join(["a red apple on a white table"] * 15),
    "long-early-comma": "a red apple, " + " ".join(["white table"] * 60),
    "exactly-full": " ".join(["a"] * 75),
    "one-over": " ".join(["a"] * 76),
    "comma-at-edge": " ".join(["a"] * 74) + ", a red (apple:1.5)",
    "comma-over-edge": " ".join(["a"] * 75) + ", a red (apple:1.5)",
    "long-weighted": "(" + ", ".join([APPLES] * 5) + ":1.3), " + ", ".join(["[white table]"] * 30),
    "end-token": "a red apple <|endoftext|> on a (white) table",
}
ENCODED = ("plain", "weighted", "negative-weight", "zero", "break", "long-weighted")
DRAWN = {"prompt": "long-weighted", "negativePrompt": "weighted", "seed": 42, "steps": 3}
GUIDANCE = 7.5


def read_weights(prompt: str) -> list[tuple[str, float]]:
    """Parts of a prompt with their weights; a break has weight None."""
    parts: list[list] = []
    stack: list[tuple[str, int]] = []

    def multiply(kind: str, factor: float) -> bool:
        for index in range(len(stack) - 1, -1, -1):
            if stack[index][0] == kind:
                _, start = stack.pop(index)
                for part in parts[start:]:
                    part[1] *= factor
                return True
        return False

    at = 0
    while at < len(prompt):
        sign = prompt[at]
        weight = WEIGHT.match(prompt, at)
        if sign == "\\" and prompt[at + 1 : at + 2] and prompt[at + 1] in "()[]\\":
            parts.append([prompt[at + 1], 1.0])
            at += 2
            continue
        if sign == "\\":
            parts.append(["", 1.0])
            at += 1
            continue
        if sign in "([":
            stack.append((sign, len(parts)))
        elif weight and multiply("(", float(weight[1])):
            at = weight.end()
            continue
        elif sign == ")" and multiply("(", 1.1) or sign == "]" and multiply("[", 1 / 1.1):
            pass
        else:
            end = at + 1
            while sign not in "()[]:" and end < len(prompt) and prompt[end] not in "\\()[]:":
                end += 1
            words = re.split(r"\s*\bBREAK\b\s*", prompt[at:end])
            for index, word in enumerate(words):
                if index:
                    parts.append(["BREAK", -1.0])
                parts.append([word, 1.0])
            at = end
            continue
        at += 1
    for kind, factor in (("(", 1.1), ("[", 1 / 1.1)):
        while multiply(kind, factor):
            pass
    merged: list[list] = []
    for text, weight in parts or [["", 1.0]]:
        if merged and merged[-1][1] == weight:
            merged[-1][0] += text
        else:
            merged.append([text, weight])
    return [(text, None if (text, weight) == ("BREAK", -1) else weight) for text, weight in merged]


def chunks(prompt: str, tokenizer) -> tuple[list[list[int]], list[list[float]]]:
    comma = tokenizer.get_vocab()[",</w>"]
    pieces: list[list[tuple[int, float]]] = [[]]
    last_comma = None
    for text, weight in read_weights(prompt):
        if weight is None:
            pieces.append([])
            last_comma = None
            continue
        for token in tokenizer(text, add_special_tokens=False).input_ids:
            if token == comma:
                last_comma = len(pieces[-1])
            elif len(pieces[-1]) == ROOM and last_comma is not None and ROOM - last_comma <= BACKTRACK:
                pieces[-1], moved = pieces[-1][: last_comma + 1], pieces[-1][last_comma + 1 :]
                pieces.append(moved)
                last_comma = None
            if len(pieces[-1]) == ROOM:
                pieces.append([])
                last_comma = None
            pieces[-1].append((token, weight))
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    ids, weights = [], []
    for piece in pieces:
        row = [tokenizer.bos_token_id, *(token for token, _ in piece)]
        row += [tokenizer.eos_token_id] * (ROOM + 2 - len(row))
        if tokenizer.pad_token_id != tokenizer.eos_token_id:
            end = row.index(tokenizer.eos_token_id) + 1
            row = row[:end] + [tokenizer.pad_token_id] * (ROOM + 2 - end)
        ids.append(row)
        weights.append([1.0, *(weight for _, weight in piece)] + [1.0] * (ROOM + 1 - len(piece)))
    return ids, weights


def embed(prompt: str, tokenizer, encoder) -> torch.Tensor:
    rows = []
    for ids, weights in zip(*chunks(prompt, tokenizer), strict=True):
        hidden = encoder(torch.tensor([ids])).last_hidden_state[0]
        weighted = hidden * torch.tensor(weights)[:, None]
        ratio = hidden.mean() / weighted.mean()
        rows.append(weighted * ratio if torch.isfinite(ratio) else weighted)
    return torch.cat(rows)[None]


def draw(pipe: diffusers.StableDiffusionPipeline, texts: list[torch.Tensor]) -> torch.Tensor:
    """The last latents; each text goes through the UNet by itself."""
    scheduler = pipe.scheduler
    scheduler.set_timesteps(DRAWN["steps"])
    generator = torch.Generator("cpu").manual_seed(DRAWN["seed"])
    latents = torch.randn((1, 4, 8, 8), generator=generator) * scheduler.init_noise_sigma
    for timestep in scheduler.timesteps:
        sample = scheduler.scale_model_input(latents, timestep)
        uncond, cond = (pipe.unet(sample, timestep, text).sample for text in texts)
        noise = uncond + GUIDANCE * (cond - uncond)
        latents = scheduler.step(noise, timestep, latents).prev_sample
    return latents


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    arrays = Arrays()
    read = {name: read_weights(prompt) for name, prompt in PROMPTS.items()}
    with tempfile.TemporaryDirectory() as temporary, torch.no_grad():
        for name in ("sd1", "sd2"):
            case = CASES[name]
            model = pathlib.Path(temporary) / name
            shapes = write_folder(model, case)
            copy_tokenizers(model, case)
            write_weights(model, shapes, case.get("dtype", "F32"))
            pipe = diffusers.StableDiffusionPipeline.from_pretrained(
                model, torch_dtype=torch.float32, requires_safety_checker=False
            )
            embeds = {}
            for key, prompt in PROMPTS.items():
                ids, weights = chunks(prompt, pipe.tokenizer)
                arrays.add(f"{name}/{key}/ids", torch.tensor(ids))
                arrays.add(f"{name}/{key}/weights", torch.tensor(weights))
                if key in ENCODED:
                    embeds[key] = embed(prompt, pipe.tokenizer, pipe.text_encoder)
                    arrays.add(f"{name}/{key}/embeds", embeds[key][0])
            if name == "sd1":
                texts = [embeds[DRAWN["negativePrompt"]], embeds[DRAWN["prompt"]]]
                arrays.add("sd1/latents", draw(pipe, texts))
    folder = FIXTURES / "prompts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    run = DRAWN | {"guidanceScale": GUIDANCE}
    table = {"prompts": PROMPTS, "parts": read, "drawn": run, "arrays": arrays.table}
    lines = []
    for part, entries in table.items():
        rows = [f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]
        lines.append(f"  {json.dumps(part)}: {{\n" + ",\n".join(rows) + "\n  }")
    (folder / "reference.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    (folder / "reference.bin").write_bytes(arrays.bytes())
    print(f"{len(arrays.bytes()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
