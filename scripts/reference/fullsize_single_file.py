"""Writes a Stable Diffusion 1 model of fullsize.py as one file with the original names.

    python scripts/reference/fullsize_single_file.py FOLDER MODEL

The file is FOLDER/MODEL/MODEL.safetensors. It has the same float16 weights.
"""

import json
import sys
from pathlib import Path

from safetensors.torch import load_file, save_file

from fullsize import weight_file
from shared.original_names import original_unet_name, original_vae_name


def original_names(folder: Path) -> dict:
    tensors = {}
    config = json.loads((folder / "unet" / "config.json").read_text())
    with_attention = {i for i, t in enumerate(config["up_block_types"]) if t.startswith("Cross")}
    for name, value in load_file(weight_file(folder, "unet")).items():
        original = original_unet_name(name, config["layers_per_block"], with_attention)
        tensors[f"model.diffusion_model.{original}"] = value
    levels = len(json.loads((folder / "vae" / "config.json").read_text())["block_out_channels"])
    for name, value in load_file(weight_file(folder, "vae")).items():
        is_linear = ".attentions." in name and value.dim() == 2
        original = value[:, :, None, None] if is_linear else value
        tensors[f"first_stage_model.{original_vae_name(name, levels)}"] = original
    for name, value in load_file(weight_file(folder, "text_encoder")).items():
        tensors[f"cond_stage_model.transformer.{name}"] = value
    return tensors


if __name__ == "__main__":
    model = Path(sys.argv[1]) / sys.argv[2]
    file = model / f"{model.name}.safetensors"
    if not file.exists():
        partial = file.with_suffix(".partial")
        save_file(original_names(model), partial, metadata={"format": "pt"})
        partial.rename(file)
