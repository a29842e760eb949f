"""Makes models of published sizes with random float16 weights, in diffusers' layout.

    python scripts/reference/fullsize.py FOLDER [model ...]

Configs are the published ones; weights are normal numbers scaled by the fan-in, so that activations keep a
size like a trained model's. Only time and memory are measured with them, and agreement with diffusers.
"""

import json
import math
import sys
import zlib
from pathlib import Path

import torch
from safetensors.torch import save_file

from fullsize_configs import MODELS

FILES = {"text_encoder": "model.fp16.safetensors"}
WEIGHTS = "diffusion_pytorch_model.fp16.safetensors"


def empty_model(component: str, config: dict) -> torch.nn.Module:
    """The model without memory for its weights: only names and shapes are needed."""
    with torch.device("meta"):
        if component.startswith("text_encoder"):
            import transformers

            kind = getattr(transformers, config["architectures"][0])
            return kind(transformers.CLIPTextConfig(**config))
        import diffusers

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


def write_component(folder: Path, component: str, config: dict) -> None:
    file = folder / FILES.get(component, WEIGHTS)
    if file.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tensors = {}
    for name, tensor in empty_model(component, config).state_dict().items():
        if name.endswith("position_ids"):
            continue
        bare = component == "text_encoder" and not name.startswith("text_model.")
        tensors[f"text_model.{name}" if bare else name] = random_weight(name, list(tensor.shape))
    partial = file.with_suffix(".partial")
    save_file(tensors, partial, metadata={"format": "pt"})
    partial.rename(file)


def write_model(root: Path, name: str) -> None:
    for component, config in MODELS[name].items():
        write_component(root / name / component, component, config)
        print(root / name / component, flush=True)


if __name__ == "__main__":
    for model in sys.argv[2:] or MODELS:
        write_model(Path(sys.argv[1]), model)
