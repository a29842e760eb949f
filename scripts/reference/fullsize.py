"""Makes models of published sizes with random float16 weights, in the layout of diffusers.

    python scripts/reference/fullsize.py FOLDER [model ...]

Configs are the published ones. Weights are normal numbers scaled by the fan-in, so that activations are about
as large as in a trained model. The benchmarks measure time, memory and the difference from diffusers with
these models.
"""

import json
import math
import os
import shutil
import sys
import zlib
from pathlib import Path

import diffusers
import torch
import transformers
from safetensors.torch import save_file

from cases.fullsize_configs import MODELS

COMPONENTS = ("text_encoder", "text_encoder_2", "unet", "vae")
TOKENIZERS = Path(__file__).parents[2] / "test" / "fixtures" / "tokenizers"
TEXT_WEIGHTS = "model.fp16.safetensors"
WEIGHTS = "diffusion_pytorch_model.fp16.safetensors"


def empty_model(component: str, config: dict) -> torch.nn.Module:
    """The model without memory for its weights: only names and shapes are needed."""
    with torch.device("meta"):
        if component.startswith("text_encoder"):
            kind = getattr(transformers, config["architectures"][0])
            return kind(transformers.CLIPTextConfig(**config))
        return getattr(diffusers, config["_class_name"]).from_config(config)


def random_weight(name: str, shape: list[int]) -> torch.Tensor:
    generator = torch.Generator("cpu").manual_seed(zlib.crc32(name.encode()))
    x = torch.randn(shape, generator=generator)
    if len(shape) >= 2:
        x /= math.sqrt(math.prod(shape[1:]))
    elif name.endswith(".weight"):
        x.mul_(0.1).add_(1)
    else:
        x.mul_(0.05)
    return x.half()


def write_json(file: Path, value: dict) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=2) + "\n")


def weight_file(folder: Path, component: str) -> Path:
    return folder / component / (TEXT_WEIGHTS if component.startswith("text_encoder") else WEIGHTS)


def write_component(folder: Path, component: str, config: dict) -> None:
    file = weight_file(folder, component)
    write_json(file.with_name("config.json"), config)
    if file.exists():
        return
    tensors = {}
    for name, tensor in empty_model(component, config).state_dict().items():
        if name.endswith("position_ids"):
            continue
        # transformers 5 saves text models without the prefix that published files have.
        prefixed = name.startswith(("text_model.", "text_projection."))
        bare = component.startswith("text_encoder") and not prefixed
        tensors[f"text_model.{name}" if bare else name] = random_weight(name, list(tensor.shape))
    partial = file.with_suffix(".partial")
    save_file(tensors, partial, metadata={"format": "pt"})
    partial.rename(file)


def share_component(folder: Path, component: str, config: dict, other: Path) -> None:
    file = weight_file(folder, component)
    write_json(file.with_name("config.json"), config)
    if not file.exists():
        os.link(weight_file(other, component), file)


def write_pipeline(folder: Path, model: dict) -> None:
    """Completes the components to a model. It has the small vocabulary of the tests: times are the same."""
    scheduler = model["scheduler"]
    write_json(folder / "scheduler" / "scheduler_config.json", scheduler)
    index = {"_class_name": model.get("pipeline", "StableDiffusionPipeline")}
    index["scheduler"] = ["diffusers", scheduler["_class_name"]]
    for component in COMPONENTS:
        if component in model:
            config = model[component]
            library = "transformers" if component.startswith("text_encoder") else "diffusers"
            index[component] = [library, config.get("_class_name") or config["architectures"][0]]
    for part, style in model["tokenizers"].items():
        index[part] = ["transformers", "CLIPTokenizer"]
        for source in ("small", style):
            shutil.copytree(TOKENIZERS / source, folder / part, dirs_exist_ok=True)
    write_json(folder / "model_index.json", index)


def write_model(root: Path, name: str) -> None:
    model = MODELS[name]
    folder = root / name
    shared = model.get("weights")
    if shared is not None:
        write_model(root, shared)
    for component in COMPONENTS:
        if component not in model:
            continue
        if shared is None:
            write_component(folder, component, model[component])
        else:
            share_component(folder, component, model[component], root / shared)
        print(folder / component, flush=True)
    if "scheduler" in model:
        write_pipeline(folder, model)


if __name__ == "__main__":
    for model in sys.argv[2:] or MODELS:
        write_model(Path(sys.argv[1]), model)
