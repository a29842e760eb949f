"""Makes test/fixtures/loras: small models with LoRAs that diffusers loads, and their outputs.

    python scripts/reference/loras.py [case ...]     (needs peft and lycoris-lora)

A case is its configs, the names and shapes of all tensors (values: shared/random_weights.py) and the outputs.
"""

import json
import re
import sys
import tempfile
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.loaders.lora_base import set_adapters_for_text_encoder
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from cases.loras import CASES
from shared.component_references import unet_arrays
from shared.fixture_arrays import Arrays
from shared.original_names import original_unet_name
from shared.other_adapters import apply_lycoris, apply_tuner
from shared.random_weights import random_weight

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "loras"
TEXT_ENCODERS = ("text_encoder", "text_encoder_2")
IDS = [[845, 5, 300, 12, 846, 846, 846, 3] + [846] * 69, [845] + list(range(1, 76)) + [846]]
# Of PEFT's LoraConfig: they change what is computed from the matrices.
FLAGS = ("use_rslora", "use_dora")
CALL = {"batch": 1, "height": 8, "width": 8, "timestep": 481, "sequence": 9}

PROCESSORS = {
    "to_out.0": "processor.to_out_lora",
    "to_q": "processor.to_q_lora",
    "to_k": "processor.to_k_lora",
    "to_v": "processor.to_v_lora",
    "q_proj": "to_q_lora",
    "k_proj": "to_k_lora",
    "v_proj": "to_v_lora",
    "out_proj": "to_out_lora",
}


def make_models(case: dict) -> dict[str, torch.nn.Module]:
    models = {"unet": UNet2DConditionModel.from_config(case["unet"])}
    for part in TEXT_ENCODERS:
        if part in case:
            projected = case[part]["architectures"] == ["CLIPTextModelWithProjection"]
            kind = CLIPTextModelWithProjection if projected else CLIPTextModel
            models[part] = kind(CLIPTextConfig(**case[part]))
    return {part: model.eval() for part, model in models.items()}


def load_random_weights(part: str, model: torch.nn.Module, dtype: str) -> dict[str, list[int]]:
    shapes, state = {}, {}
    for name, tensor in model.state_dict().items():
        if name.endswith("position_ids"):
            continue
        stored = name
        if part != "unet" and not name.startswith(("text_model.", "text_projection.")):
            stored = f"text_model.{name}"
        shapes[stored] = list(tensor.shape)
        state[name] = random_weight(stored, shapes[stored], dtype).float()
    model.load_state_dict(state, strict=False)
    return shapes


def key_names(style: str, part: str, module: str, layers: int) -> tuple[str, str, str | None]:
    """Names of a module's down matrix, up matrix and alpha."""
    if style.startswith("kohya"):
        prefix = {"unet": "lora_unet", "text_encoder": "lora_te", "text_encoder_2": "lora_te2"}[part]
        if style == "kohya-sgm":
            prefix = prefix.replace("lora_te", "lora_te1") if part == "text_encoder" else prefix
            module = original_unet_name(module, layers) if part == "unet" else module
        stem = f"{prefix}_{module.replace('.', '_')}"
        return f"{stem}.lora_down.weight", f"{stem}.lora_up.weight", f"{stem}.alpha"
    stem = f"{part}.{module}"
    if style == "peft":
        return f"{stem}.lora_A.weight", f"{stem}.lora_B.weight", None
    if style == "processors":
        for own, old in PROCESSORS.items():
            if module.endswith("." + own):
                stem = f"{part}.{module.removesuffix(own)}{old}"
        return f"{stem}.down.weight", f"{stem}.up.weight", None
    middle = "lora" if part == "unet" else "lora_linear_layer"
    return f"{stem}.{middle}.down.weight", f"{stem}.{middle}.up.weight", None


def magnitude(down: str, weight: list[int]) -> dict[str, list[int]]:
    """The tensor of DoRA in PEFT."""
    shape = weight[:1] if len(weight) == 2 else [1, weight[0], 1, 1]
    return {down.replace("lora_A.weight", "lora_magnitude_vector"): shape}


def make_file(file: dict, models: dict, layers: int) -> dict:
    """Names and shapes of a LoRA file's tensors."""
    tensors, alphas = {}, {}
    for part, model in models.items():
        patterns = file["unet" if part == "unet" else "text"]
        for module, layer in model.named_modules():
            if not any(re.search(pattern, module) for pattern in patterns):
                continue
            # transformers 5 names the bare text model's modules without the prefix of older files.
            if part != "unet" and not module.startswith("text_model.") and "metadata" not in file:
                module = f"text_model.{module}"
            down, up, alpha = key_names(file["style"], part, module, layers)
            weight = list(layer.weight.shape)
            if "dora" in file:
                tensors |= magnitude(down, weight)
            wide = len(weight) == 4 and weight[2] > 1
            rank = file.get("convolutionRank", file["rank"]) if wide else file["rank"]
            tensors[down] = [rank, *weight[1:]]
            tensors[up] = [weight[0], rank, *[1] * (len(weight) - 2)]
            if alpha is not None and "alpha" in file:
                alphas[alpha] = file["alpha"]
    made = {"torch": "lora.bin"} if "torch" in file else {}
    made |= {"tensors": tensors, "alphas": alphas, "scale": file["scale"], "metadata": {}}
    made |= {key: file[key] for key in ("weights", "dictionary") if key in file}
    if "metadata" in file:
        config = {}
        for part in models:
            config |= {f"{part}.r": file["rank"], f"{part}.lora_alpha": file["metadata"]["alpha"]}
            config[f"{part}.alpha_pattern"] = file["metadata"]["pattern"]
            config |= {f"{part}.{name}": file["metadata"][name] for name in FLAGS if name in file["metadata"]}
            found = [name for name in tensors if name.startswith(f"{part}.")]
            config[f"{part}.target_modules"] = sorted(
                {name.removeprefix(f"{part}.").split(".lora_")[0] for name in found}
            )
        made["metadata"] = {"lora_adapter_metadata": json.dumps(config)}
    return made


def apply(files: list[dict], models: dict, dtype: str, case_folder: Path) -> None:
    pipeline = StableDiffusionXLPipeline if "text_encoder_2" in models else StableDiffusionPipeline
    names = [f"lora{index}" for index in range(len(files))]
    changed = {part: [] for part in models}
    for name, file in zip(names, files, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lora.safetensors"
            state = {key: random_weight(key, shape, dtype) for key, shape in file["tensors"].items()}
            state |= {key: torch.tensor(alpha) for key, alpha in file["alphas"].items()}
            save_file(state, path, file["metadata"] | {"format": "pt"})
            if "torch" in file:
                path = case_folder / file["torch"]
                torch.save(state, path)
            state, alphas, metadata = pipeline.lora_state_dict(
                str(path), unet_config=models["unet"].config, return_lora_metadata=True
            )
        state = {key: value.float() for key, value in state.items()}
        for part, model in models.items():
            if not any(key.startswith(f"{part}.") for key in state):
                continue
            scales = {"unet": file["scale"], "text_encoder": file["scale"]} | file.get("dictionary", {})
            changed[part].append((name, scales.get(part, file["scale"])))
            loading = {"adapter_name": name, "metadata": metadata}
            if part == "unet":
                pipeline.load_lora_into_unet(state, alphas, model, **loading)
            else:
                pipeline.load_lora_into_text_encoder(state, alphas, model, prefix=part, **loading)
    for part, adapters in changed.items():
        if not adapters:
            continue
        adapter_names, scales = map(list, zip(*adapters, strict=True))
        if part == "unet":
            models[part].set_adapters(adapter_names, scales)
        else:
            set_adapters_for_text_encoder(adapter_names, models[part], scales)


def text_arrays(part: str, model: torch.nn.Module, arrays: Arrays) -> None:
    ids = arrays.add(f"{part}.input_ids", torch.tensor(IDS))
    output = model(ids.long(), output_hidden_states=True)
    arrays.add(f"{part}.last_hidden_state", output.last_hidden_state)
    pooled = getattr(output, "text_embeds", None)
    if pooled is not None:
        arrays.add(f"{part}.text_embeds", pooled)


@torch.no_grad()
def make_case(name: str, case: dict) -> None:
    models = make_models(case)
    dtype = case.get("dtype", "F32")
    tensors = {part: load_random_weights(part, model, dtype) for part, model in models.items()}
    plain, arrays = Arrays(), Arrays()
    unet_arrays(models["unet"], CALL | case.get("call", {}), plain)
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    if "rules" in case["files"][0]:
        files = [apply_lycoris(file, models, dtype) for file in case["files"]]
    elif "tuner" in case["files"][0]:
        files = [
            apply_tuner(file, models["unet"], dtype, f"file{at}") for at, file in enumerate(case["files"])
        ]
    else:
        layers = models["unet"].config.layers_per_block
        files = [make_file(file, models, layers) for file in case["files"]]
        apply(files, models, dtype, folder)
    unet_arrays(models["unet"], CALL | case.get("call", {}), arrays)
    for part in TEXT_ENCODERS:
        if part in models:
            text_arrays(part, models[part], arrays)
    assert plain.bytes() != arrays.bytes()[: len(plain.bytes())], "the LoRA changes nothing"
    configs = {part: case[part] for part in models}
    description = {"dtype": dtype, "configs": configs, "tensors": tensors, "files": files}
    (folder / "case.json").write_text(json.dumps(description | {"arrays": arrays.table}) + "\n")
    (folder / "reference.bin").write_bytes(arrays.bytes())


if __name__ == "__main__":
    for name in sys.argv[1:] or CASES:
        make_case(name, CASES[name])
        print(name)
