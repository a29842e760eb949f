"""Makes test/fixtures/single-files: checkpoints in the original layout, loaded by diffusers.

    python scripts/reference/single_files.py [case ...]

A case is its configs, the names and shapes of the checkpoint (values: shared/random_weights.py) and the
outputs of the components that from_single_file of diffusers has loaded.
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import create_diffusers_clip_model_from_ldm
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from cases.single_files import CASES
from shared.component_references import unet_arrays, vae_arrays
from shared.fixture_arrays import Arrays
from shared.original_names import original_open_clip, original_unet_name, original_vae_name
from shared.random_weights import loadable_weight

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "single-files"
IDS = [[845, 5, 300, 12, 846, 846, 846, 3] + [846] * 69, [845] + list(range(1, 76)) + [846]]
CALL = {"batch": 1, "height": 8, "width": 8, "timestep": 481, "sequence": 9}


def text_kind(config: dict) -> type:
    projected = config["architectures"] == ["CLIPTextModelWithProjection"]
    return CLIPTextModelWithProjection if projected else CLIPTextModel


def text_shapes(config: dict, extra_layers: int) -> dict[str, list[int]]:
    config = config | {"num_hidden_layers": config["num_hidden_layers"] + extra_layers}
    shapes = {}
    for name, value in text_kind(config)(CLIPTextConfig(**config)).state_dict().items():
        if not name.endswith("position_ids"):
            prefixed = name.startswith(("text_model.", "text_projection."))
            shapes[name if prefixed else f"text_model.{name}"] = list(value.shape)
    return shapes


def original_tensors(case: dict) -> dict[str, list[int]]:
    tensors = {}
    config = case["unet"]
    with_attention = {i for i, t in enumerate(config["up_block_types"]) if t.startswith("Cross")}
    for name, value in UNet2DConditionModel.from_config(config).state_dict().items():
        original = original_unet_name(name, config["layers_per_block"], with_attention)
        tensors[f"model.diffusion_model.{original}"] = list(value.shape)
    levels = len(case["vae"]["block_out_channels"])
    for name, value in AutoencoderKL.from_config(case["vae"]).state_dict().items():
        shape = list(value.shape)
        if ".attentions." in name and len(shape) == 2:
            shape += [1, 1]
        tensors[f"first_stage_model.{original_vae_name(name, levels)}"] = shape
    if "text_encoder" not in case:
        only = text_shapes(case["text_encoder_2"], 0)
        for name, shape in original_open_clip(only).items():
            tensors[f"conditioner.embedders.0.model.{name}"] = shape
        return dict(sorted(tensors.items()))
    first = text_shapes(case["text_encoder"], case.get("extraLayers", 0))
    if "text_encoder_2" in case:
        second = text_shapes(case["text_encoder_2"], 0)
        for name, shape in original_open_clip(second).items():
            tensors[f"conditioner.embedders.1.model.{name}"] = shape
    if case["text_encoder"]["hidden_act"] == "gelu":
        width = case["text_encoder"]["hidden_size"]
        first["text_projection.weight"] = [width, width]
        for name, shape in original_open_clip(first).items():
            tensors[f"cond_stage_model.model.{name}"] = shape
    else:
        prefix = "conditioner.embedders.0" if "text_encoder_2" in case else "cond_stage_model"
        for name, shape in first.items():
            tensors[f"{prefix}.transformer.{name}"] = shape
    return dict(sorted(tensors.items()))


def text_arrays(part: str, model: torch.nn.Module, arrays: Arrays) -> None:
    ids = arrays.add(f"{part}.input_ids", torch.tensor(IDS))
    output = model(ids.long(), output_hidden_states=True)
    arrays.add(f"{part}.last_hidden_state", output.last_hidden_state)
    if hasattr(output, "text_embeds"):
        arrays.add(f"{part}.text_embeds", output.text_embeds)


@torch.no_grad()
def make_case(name: str, case: dict) -> None:
    tensors = original_tensors(case)
    dtype = case.get("dtype", "F32")
    checkpoint = {key: loadable_weight(key, shape, dtype) for key, shape in tensors.items()}
    arrays = Arrays()
    configs = {part: case[part] for part in ("unet", "vae", "text_encoder", "text_encoder_2") if part in case}
    with tempfile.TemporaryDirectory() as temporary:
        for part, config in configs.items():
            folder = Path(temporary) / part
            folder.mkdir()
            (folder / "config.json").write_text(json.dumps(config))
        file = str(Path(temporary) / "model.safetensors")
        save_file(checkpoint, file)
        load = {"config": temporary, "torch_dtype": torch.float32}
        unet = UNet2DConditionModel.from_single_file(file, subfolder="unet", **load).eval()
        unet_arrays(unet, CALL | case.get("call", {}), arrays)
        vae = AutoencoderKL.from_single_file(file, subfolder="vae", **load).eval()
        vae_arrays(vae, {"batch": 1, "height": 3, "width": 4}, arrays)
        for part in ("text_encoder", "text_encoder_2"):
            if part in case:
                model = create_diffusers_clip_model_from_ldm(
                    text_kind(case[part]), checkpoint, subfolder=part, local_files_only=True, **load
                )
                text_arrays(part, model.float().eval(), arrays)
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    description = {"dtype": dtype, "configs": configs, "tensors": tensors, "arrays": arrays.table}
    (folder / "case.json").write_text(json.dumps(description) + "\n")
    (folder / "reference.bin").write_bytes(arrays.bytes())


if __name__ == "__main__":
    for name in sys.argv[1:] or CASES:
        make_case(name, CASES[name])
        print(name)
