"""Makes test/fixtures/adapted: pictures of whole pipelines with LoRAs, textual inversions and single files.

    python scripts/reference/adapted.py     (needs peft beside diffusers, and the vocabulary: see below)

The model with LoRA and textual inversion is pipelines/sd1 with the files of loras/kohya and embeddings. The
single file is single-files/sd1 with CLIP's whole vocabulary, whose file bpe_simple_vocab_16e6.txt.gz is given
as the only argument.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import save_file

from pipeline_cases import CASES as PIPELINES
from pipelines import copy_tokenizers, write_folder, write_weights
from published_tokenizers import tokenizer
from random_weights import random_weight
from single_file_cases import CASES as SINGLE_FILES
from single_files import original_tensors

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "adapted"
SETTINGS = {"num_inference_steps": 4, "guidance_scale": 7.5, "width": 64, "height": 64}


def draw(pipe, name: str, prompt: str, negative: str, seed: int) -> dict:
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator("cpu").manual_seed(seed)
    picture = pipe(prompt, negative_prompt=negative, generator=generator, **SETTINGS).images[0]
    picture.save(FOLDER / f"{name}.png", optimize=True)
    run = {"prompt": prompt, "negativePrompt": negative, "seed": seed, "steps": 4}
    return run | {"guidanceScale": 7.5, "width": 64, "height": 64}


def with_lora(temporary: Path) -> dict:
    case = PIPELINES["sd1"]
    model = temporary / "model"
    shapes = write_folder(model, case)
    copy_tokenizers(model, case)
    write_weights(model, shapes, "F32")
    pipe = StableDiffusionPipeline.from_pretrained(model, requires_safety_checker=False)
    lora = json.loads((FIXTURES / "loras" / "kohya" / "case.json").read_text())["files"][0]
    state = {name: random_weight(name, shape, "F32") for name, shape in lora["tensors"].items()}
    state |= {name: torch.tensor(alpha) for name, alpha in lora["alphas"].items()}
    save_file(state, temporary / "lora.safetensors", {"format": "pt"})
    pipe.load_lora_weights(str(temporary / "lora.safetensors"), adapter_name="lora")
    pipe.set_adapters(["lora"], [0.6])
    embedding = FIXTURES / "embeddings" / "bad_hands.pt"
    pipe.load_textual_inversion(str(embedding), token="bad_hands")
    return draw(pipe, "lora", "a red apple on a white table", "blurry, bad_hands", 7)


def single_file(temporary: Path, vocabulary: str) -> dict:
    case = SINGLE_FILES["sd1"]
    case = case | {"text_encoder": case["text_encoder"] | {"vocab_size": 49408}}
    case |= {"scheduler": PIPELINES["sd1"]["scheduler"], "tokenizer": "sd1"}
    model = temporary / "single"
    write_folder(model, case)
    merges = gzip.open(vocabulary).read().decode().split("\n")[1 : 49152 - 256 - 2 + 1]
    tokenizer(merges, "<|endoftext|>").save_pretrained(model / "tokenizer")
    tensors = original_tensors(case)
    checkpoint = {name: random_weight(name, shape, "F16") for name, shape in tensors.items()}
    file = temporary / "model.safetensors"
    save_file(checkpoint, file)
    pipe = StableDiffusionPipeline.from_single_file(
        str(file), config=str(model), torch_dtype=torch.float32, safety_checker=None, local_files_only=True
    )
    parts = {part: case[part] for part in ("unet", "vae", "text_encoder")}
    run = draw(pipe, "single-file", "a photo of an astronaut riding a horse on mars", "blurry", 11)
    table = {"dtype": "F16", "configs": parts, "tensors": tensors, "scheduler": case["scheduler"]}
    (FOLDER / "single-file.json").write_text(json.dumps(table) + "\n")
    return run


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        runs = {"lora": with_lora(Path(temporary))}
        runs["single-file"] = single_file(Path(temporary), sys.argv[1])
    (FOLDER / "runs.json").write_text(json.dumps(runs, indent=2) + "\n")


if __name__ == "__main__":
    main()
