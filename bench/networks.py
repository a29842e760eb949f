"""The networks that the benchmark measures, as modules of PyTorch, and the numbers that go into them."""

import json
from pathlib import Path

import torch


def randn(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))


def load_diffusers(kind: str, folder: str, dtype: torch.dtype) -> torch.nn.Module:
    import diffusers  # noqa: PLC0415 -- a measurement counts the import of the library that it uses only

    return getattr(diffusers, kind).from_pretrained(folder, torch_dtype=dtype, variant="fp16").eval()


class UNet(torch.nn.Module):
    """The inputs in the order in which Easel's graph has them."""

    def __init__(self, folder: str, dtype: torch.dtype) -> None:
        super().__init__()
        self.network = load_diffusers("UNet2DConditionModel", folder, dtype)

    def forward(
        self, sample: torch.Tensor, timestep: torch.Tensor, states: torch.Tensor, *more: torch.Tensor
    ) -> torch.Tensor:
        config, given = self.network.config, list(more)
        options = {}
        if config.time_cond_proj_dim is not None:
            options["timestep_cond"] = given.pop(0)
        if config.addition_embed_type == "text_time":
            options["added_cond_kwargs"] = {"text_embeds": given[0], "time_ids": given[1]}
        return self.network(sample, timestep, states, **options).sample


class TextEncoder(torch.nn.Module):
    def __init__(self, folder: str, dtype: torch.dtype) -> None:
        super().__init__()
        import transformers  # noqa: PLC0415 -- see load_diffusers

        kind = getattr(transformers, read_config(folder)["architectures"][0])
        self.network = kind.from_pretrained(folder, dtype=dtype, variant="fp16").eval()

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.network(ids).last_hidden_state


class Decoder(torch.nn.Module):
    def __init__(self, folder: str, dtype: torch.dtype) -> None:
        super().__init__()
        self.network = load_diffusers(read_config(folder)["_class_name"], folder, dtype)

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return self.network.decode(latents).sample


NETWORKS = {"unet": UNet, "text_encoder": TextEncoder, "vae": Decoder, "taesd": Decoder}


def read_config(folder: str) -> dict:
    return json.loads((Path(folder) / "config.json").read_text(encoding="utf8"))


def load(component: str, folder: str, dtype: torch.dtype = torch.float32) -> torch.nn.Module:
    return NETWORKS[component](folder, dtype)


def inputs(component: str, folder: str, batch: int) -> tuple[torch.Tensor, ...]:
    """Random numbers, seeded with the index of the input; bench/easel.ts makes the same."""
    if component == "text_encoder":
        return (torch.tensor([[49407 - i for i in range(77)]] * batch),)
    config = read_config(folder)
    if component != "unet":
        # An autoencoder's size is in pixels.
        side = config["sample_size"] // 8 if component == "vae" else 64
        return (randn(0, batch, 4, side, side),)
    side, width = config["sample_size"], config["cross_attention_dim"]
    found = [randn(0, batch, config["in_channels"], side, side), torch.tensor(601)]
    found.append(randn(2, batch, 77, width))
    if config.get("time_cond_proj_dim") is not None:
        found.append(randn(3, batch, config["time_cond_proj_dim"]))
    if config.get("addition_embed_type") == "text_time":
        pooled = config["projection_class_embeddings_input_dim"] - 6 * config["addition_time_embed_dim"]
        found += [randn(3, batch, pooled), randn(4, batch, 6)]
    return tuple(found)
