"""Makes test/fixtures/graphs: single models with unusual configs, and what diffusers computes with them.

    python scripts/reference/graphs.py [case ...]

Weights are those of shared/random_weights.py, so a case is its config, the shapes of its tensors and the
reference values.
"""

import json
import sys
from pathlib import Path

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, ControlNetModel, T2IAdapter, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from cases.graphs import CASES
from shared.component_references import adapter_arrays, text_arrays, unet_arrays, vae_arrays
from shared.fixture_arrays import Arrays
from shared.random_weights import load_seeded_weights, random_weight

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "graphs"

# Names of the attention weights in autoencoders saved before diffusers 0.17.
OLD_NAMES = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


def make_model(component: str, config: dict) -> torch.nn.Module:
    if component == "unet":
        return UNet2DConditionModel.from_config(config)
    if component == "vae":
        return AutoencoderKL.from_config(config)
    if component == "tiny-vae":
        return AutoencoderTiny.from_config(config)
    if component == "t2i-adapter":
        return T2IAdapter.from_config(config)
    projected = config["architectures"] == ["CLIPTextModelWithProjection"]
    kind = CLIPTextModelWithProjection if projected else CLIPTextModel
    return kind(CLIPTextConfig(**config))


def stored_name(component: str, name: str, case: dict) -> str:
    if component == "text_encoder" and not case.get("bareNames"):
        prefixed = name.startswith(("text_model.", "text_projection."))
        return name if prefixed else f"text_model.{name}"
    if case.get("oldNames"):
        for new, old in OLD_NAMES.items():
            name = name.replace(f"attentions.0.{new}.", f"attentions.0.{old}.")
    return name


def load_random_weights(model: torch.nn.Module, case: dict) -> dict[str, list[int]]:
    shapes, state = {}, {}
    for name, tensor in model.state_dict().items():
        if name.endswith("position_ids"):
            continue
        stored = stored_name(case["component"], name, case)
        shapes[stored] = list(tensor.shape)
        state[name] = random_weight(stored, shapes[stored], case["dtype"]).float()
    model.load_state_dict(state, strict=False)
    return shapes


def make_controls(case: dict) -> tuple[list[torch.nn.Module], list[dict]]:
    """The ControlNets of a case, and what it says of them. Their weights have a prefix in their seeds."""
    nets, descriptions = [], []
    for index, config in enumerate(case.get("controls", [])):
        net = ControlNetModel.from_config(config).eval()
        shapes = load_seeded_weights(net, f"controlnet{index}", case["dtype"])
        nets.append(net)
        guesses = case["call"]["guesses"][index]
        descriptions.append({"config": config, "guesses": guesses, "tensors": shapes})
    return nets, descriptions


@torch.inference_mode()
def make_case(name: str, case: dict) -> None:
    component, config = case["component"], case["config"]
    model = make_model(component, config).eval()
    shapes = load_random_weights(model, case)
    nets, controls = make_controls(case)
    arrays = Arrays()
    if component == "unet":
        unet_arrays(model, case["call"], arrays, nets)
    elif component == "text_encoder":
        text_arrays("text_encoder", model, torch.tensor(case["call"]["ids"]), arrays)
    elif component == "t2i-adapter":
        adapter_arrays(model, case["call"], arrays)
    else:
        vae_arrays(model, case["call"], arrays)
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    description = {
        "component": component,
        "dtype": case["dtype"],
        "config": config,
        "arrays": arrays.table,
        "tensors": shapes,
    }
    if controls:
        description["controls"] = controls
    if "tokenDownsampling" in case["call"]:
        description["tokenDownsampling"] = case["call"]["tokenDownsampling"]
    (folder / "case.json").write_text(json.dumps(description) + "\n")
    (folder / "reference.bin").write_bytes(arrays.bytes())


if __name__ == "__main__":
    for name in sys.argv[1:] or CASES:
        make_case(name, CASES[name])
        print(name)
