"""Weights as a pure function of a tensor's name and shape; test/support/random-weights.ts has the same.

x = torch.randn(shape) from a CPU generator seeded with crc32(name); then
    1-D, named *.weight (a norm)   1 + 0.1 x
    other 1-D (a bias)             0.05 x
    2-D and more                   x / sqrt(product(shape[1:]))
computed in double precision, rounded to float32, then to the type asked for.
"""

import math
import zlib

import torch

DTYPES = {
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
}


def random_input(seed: int, shape: list[int]) -> torch.Tensor:
    """torch.randn from a CPU generator with this seed, float32."""
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))


def random_weight(name: str, shape: list[int], dtype: str) -> torch.Tensor:
    """The weight of a tensor. `dtype` is one of DTYPES, as in safetensors."""
    x = random_input(zlib.crc32(name.encode()), shape).double()
    if len(shape) >= 2:
        x = x / math.sqrt(math.prod(shape[1:]))
    elif name.endswith(".weight"):
        x = 1 + 0.1 * x
    else:
        x = 0.05 * x
    return x.float().to(DTYPES[dtype])


def loadable_weight(name: str, shape: list[int], dtype: str) -> torch.Tensor:
    """The same values in a type that diffusers loads: float8 is widened to float32."""
    weight = random_weight(name, shape, dtype)
    return weight.float() if dtype.startswith("F8_") else weight


def seeded_weights(
    shapes: dict[str, list[int]], prefix: str, dtype: str, gains: dict[str, float] | None = None
) -> dict[str, torch.Tensor]:
    """Weights by the names `<prefix>.<name>`, so that they differ from another model's; some multiplied."""
    weights = {name: random_weight(f"{prefix}.{name}", shape, dtype) for name, shape in shapes.items()}
    return weights | {name: weights[name] * gain for name, gain in (gains or {}).items()}


def load_seeded_weights(
    model: torch.nn.Module, prefix: str, dtype: str, gains: dict[str, float] | None = None
) -> dict[str, list[int]]:
    """Gives a model `seeded_weights`. Returns the shapes of the tensors by their own names."""
    shapes = {name: list(tensor.shape) for name, tensor in model.state_dict().items()}
    weights = seeded_weights(shapes, prefix, dtype, gains)
    model.load_state_dict({name: weight.float() for name, weight in weights.items()})
    return shapes
