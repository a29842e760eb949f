"""Adapters of LyCORIS and of PEFT's other tuners on the layers of a model, with random values."""

import re

import torch
from lycoris.modules.full import FullModule
from lycoris.modules.glora import GLoRAModule
from lycoris.modules.ia3 import IA3Module
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule
from lycoris.modules.norms import NormModule
from peft import IA3Config, LoHaConfig, LoKrConfig, inject_adapter_in_model
from peft.tuners.tuners_utils import BaseTunerLayer

from shared.random_weights import random_weight

KINDS = {
    "locon": LoConModule,
    "loha": LohaModule,
    "lokr": LokrModule,
    "glora": GLoRAModule,
    "ia3": IA3Module,
    "full": FullModule,
    "norm": NormModule,
}
PREFIXES = {"unet": "lora_unet", "text_encoder": "lora_te"}
TUNERS = {"loha": LoHaConfig, "lokr": LoKrConfig, "ia3": IA3Config}


def apply_lycoris(file: dict, models: dict[str, torch.nn.Module], dtype: str) -> dict:
    """Changes the layers that a file's rules name: the first for each. Returns the file's description."""
    tensors, numbers = {}, {}
    for part, model in models.items():
        for path, layer in list(model.named_modules()):
            rule = next((one for one in file["rules"].get(part, []) if re.search(one["layers"], path)), None)
            if rule is None:
                continue
            name = path if part == "unet" or path.startswith("text_model.") else f"text_model.{path}"
            name = f"{PREFIXES[part]}_{name.replace('.', '_')}"
            # The network's choice is not kept as a module, so that it is no layer of the model.
            module = KINDS[rule["kind"]](name, layer, multiplier=file["scale"], **rule["options"])
            fill(module, name, dtype, tensors, numbers)
            module.apply_to()
    return {"tensors": tensors, "alphas": numbers, "scale": file["scale"], "metadata": {}}


def fill(module: torch.nn.Module, name: str, dtype: str, tensors: dict, numbers: dict) -> None:
    """Gives a module its values, and notes the tensors that LyCORIS would save."""
    state = module.custom_state_dict() or dict(module.state_dict())
    if isinstance(module, FullModule):
        state = {"diff": module.weight} | ({} if module.bias is None else {"diff_b": module.bias})
    if isinstance(module, IA3Module):
        state["on_input"] = module.on_input
    own = dict(module.named_parameters())
    for ending, value in state.items():
        key = f"{name}.{ending}"
        if value.dim() == 0:
            numbers[key] = float(value)
            continue
        tensors[key] = list(value.shape)
        parameter = own[{"diff": "weight", "diff_b": "bias"}.get(ending, ending)]
        parameter.data.copy_(random_weight(key, tensors[key], dtype).float())


def apply_tuner(file: dict, model: torch.nn.Module, dtype: str, name: str) -> dict:
    """Adds one of PEFT's tuners to a UNet, by the names that save_pretrained writes."""
    config = TUNERS[file["tuner"]](**file["options"])
    inject_adapter_in_model(config, model, adapter_name=name)
    tensors = {}
    for path, parameter in model.named_parameters():
        parts = path.split(".")
        if name not in parts:
            continue
        inner = [part for part in parts if part != name and part != "base_layer"]
        key = f"base_model.model.{'.'.join(inner)}"
        tensors[key] = list(parameter.shape)
        parameter.data.copy_(random_weight(key, tensors[key], dtype).float())
    # The last adapter alone is active in layers that do not have it.
    for layer in model.modules():
        if isinstance(layer, BaseTunerLayer):
            own = {key for names in layer.adapter_layer_names for key in getattr(layer, names)}
            layer.set_adapter(sorted(own))
    config = {"peft_type": file["tuner"].upper()} | file["options"]
    return {"tensors": tensors, "alphas": {}, "scale": file["scale"], "metadata": {}, "config": config}
