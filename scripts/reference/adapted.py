"""Makes test/fixtures/adapted: images of whole pipelines with LoRAs, textual inversions and single files.

    python scripts/reference/adapted.py [vocabulary]     (needs peft)

The models are those of pipelines/, the LoRAs those of loras/. The single file is single-files/sd1 with CLIP's
whole vocabulary. It is made again only if the file of the vocabulary, bpe_simple_vocab_16e6.txt.gz, is given.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

import torch
from diffusers import LCMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors.torch import load_file, save_file

from cases.pipelines import CASES as PIPELINES
from cases.single_files import CASES as SINGLE_FILES
from pipelines import copy_tokenizers, write_folder, write_weights
from published_tokenizers import tokenizer
from shared.random_weights import random_weight
from single_files import original_tensors

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "adapted"
SETTINGS = {"num_inference_steps": 4, "width": 64, "height": 64}

# What SDXL's textual inversions hold: vectors for each of the two text encoders.
XL_VECTORS = {"clip_l": [2, 32], "clip_g": [2, 40]}


def draw(pipe, name: str, prompt: str, negative: str, seed: int, guidance: float = 7.5) -> dict:
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator("cpu").manual_seed(seed)
    keywords = SETTINGS | {"negative_prompt": negative or None, "guidance_scale": guidance}
    picture = pipe(prompt, generator=generator, **keywords).images[0]
    picture.save(FOLDER / f"{name}.png", optimize=True)
    run = {"prompt": prompt, "negativePrompt": negative, "seed": seed, "steps": 4}
    return run | {"guidanceScale": guidance, "width": 64, "height": 64}


def open_model(folder: Path, name: str, kind, **options):
    """The model of pipelines/, in float32 whatever its files have."""
    case = PIPELINES[name]
    shapes = write_folder(folder, case)
    copy_tokenizers(folder, case)
    write_weights(folder, shapes, case.get("dtype", "F32"))
    return kind.from_pretrained(folder, torch_dtype=torch.float32, **options)


def load_lora(pipe, folder: Path, case: str, scale: float) -> None:
    lora = json.loads((FIXTURES / "loras" / case / "case.json").read_text())["files"][0]
    state = {name: random_weight(name, shape, "F32") for name, shape in lora["tensors"].items()}
    state |= {name: torch.tensor(alpha) for name, alpha in lora["alphas"].items()}
    save_file(state, folder / "lora.safetensors", {"format": "pt"})
    pipe.load_lora_weights(str(folder / "lora.safetensors"), adapter_name="lora")
    pipe.set_adapters(["lora"], [scale])


def with_lora(temporary: Path) -> dict:
    pipe = open_model(temporary / "lora", "sd1", StableDiffusionPipeline, requires_safety_checker=False)
    load_lora(pipe, temporary, "kohya", 0.6)
    embedding = FIXTURES / "embeddings" / "bad_hands.pt"
    pipe.load_textual_inversion(str(embedding), token="bad_hands")
    return draw(pipe, "lora", "a red apple on a white table", "blurry, bad_hands", 7)


def lcm_lora(temporary: Path) -> dict:
    """Latent consistency by LoRA: linear and convolution layers of the UNet alone, and the scheduler."""
    pipe = open_model(temporary / "lcm", "sd1", StableDiffusionPipeline, requires_safety_checker=False)
    pipe.scheduler = LCMScheduler.from_config(pipe.scheduler.config)
    load_lora(pipe, temporary, "kohya-ranks", 1.0)
    run = draw(pipe, "lcm-lora", "a red apple on a white table", "blurry", 5, guidance=1.5)
    return run | {"scheduler": "LCMScheduler"}


def xl_embedding(temporary: Path) -> dict:
    """As diffusers' guide loads it: one tensor for each of the encoders."""
    pipe = open_model(temporary / "xl", "sdxl", StableDiffusionXLPipeline)
    file = temporary / "house-style.safetensors"
    save_file({name: random_weight(name, size, "F32") for name, size in XL_VECTORS.items()}, file)
    vectors = load_file(file)
    for name, suffix in {"clip_l": "", "clip_g": "_2"}.items():
        parts = {part: getattr(pipe, part + suffix) for part in ("text_encoder", "tokenizer")}
        pipe.load_textual_inversion(vectors[name], token="house-style", **parts)
    run = draw(pipe, "xl-embedding", "a red apple in house-style", "blurry, house-style", 9, guidance=5.0)
    return run | {"embedding": XL_VECTORS}


def single_file(temporary: Path, vocabulary: str) -> dict:
    case = SINGLE_FILES["sd1"]
    case = case | {"text_encoder": case["text_encoder"] | {"vocab_size": 49408}}
    case |= {"scheduler": PIPELINES["sd1"]["scheduler"], "tokenizer": "sd1"}
    model = temporary / "single"
    write_folder(model, case)
    merges = gzip.decompress(Path(vocabulary).read_bytes()).decode().split("\n")[1 : 49152 - 256 - 2 + 1]
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
        folder = Path(temporary)
        runs = json.loads((FOLDER / "runs.json").read_text()) if len(sys.argv) < 2 else {}
        runs |= {"lora": with_lora(folder), "lcm-lora": lcm_lora(folder)}
        runs["xl-embedding"] = xl_embedding(folder)
        if len(sys.argv) > 1:
            runs["single-file"] = single_file(folder, sys.argv[1])
    (FOLDER / "runs.json").write_text(json.dumps(runs, indent=2) + "\n")


if __name__ == "__main__":
    main()
