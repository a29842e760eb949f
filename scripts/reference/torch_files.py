"""Makes test/fixtures/torch: small PyTorch files written by torch.save, and their contents.

    python scripts/reference/torch_files.py

Files called refused-* hold more than weights. Unpickling refused-code.pt would create a file.
"""

import collections
import json
import os
import pathlib
import sys
import types

import numpy
import torch

FOLDER = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "torch"


class RunsCode:
    def __reduce__(self):
        return os.system, ("touch easel-was-here",)


def state_dict() -> collections.OrderedDict:
    base = torch.randn(6, 4)
    return collections.OrderedDict(
        {
            "linear.weight": torch.nn.Parameter(torch.randn(3, 5)),
            "view": base[2:5],
            "transposed": base.T,
            "half": torch.randn(7).half(),
            "bfloat": torch.randn(2, 2).bfloat16(),
            "double": torch.randn(3).double(),
            "ids": torch.arange(9)[None],
            "mask": torch.tensor([True, False]),
            "scalar": torch.tensor(3.5),
            "empty": torch.zeros(0, 3),
            "shared": base,
        }
    )


def lightning_checkpoint(tensors: dict) -> dict:
    """What PyTorch Lightning saved around the state dict of the original Stable Diffusion 1.4."""
    # A pickle has only the name of the class; a stand-in that can be imported is enough to write it.
    package = "pytorch_lightning.callbacks.model_checkpoint"
    parts = package.split(".")
    for count in range(1, len(parts) + 1):
        name = ".".join(parts[:count])
        sys.modules[name] = module = types.ModuleType(name)
    module.ModelCheckpoint = type("ModelCheckpoint", (), {"__module__": package})
    notes = {
        "monitor": "val/loss_simple_ema",
        "best_model_score": numpy.float64(0.25),
        "best_k_models": {"epoch=3.ckpt": torch.tensor(0.5)},
        "current_score": numpy.array([1.5, 2.5], dtype=numpy.float32),
    }
    return {
        "epoch": 3,
        "global_step": 470000,
        "pytorch-lightning_version": "1.4.2",
        "state_dict": tensors,
        "callbacks": {module.ModelCheckpoint: notes},
        "optimizer_states": [],
        "lr_schedulers": [{"base_lrs": [numpy.float64(1e-4)]}],
    }


def describe(tensors: dict) -> dict:
    return {
        name: {
            "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
            "values": [float(x) for x in value.detach().double().flatten()],
        }
        for name, value in tensors.items()
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    tensors = state_dict()
    extra = {"global_step": 875000, "epoch": 3, "lr": 1e-4, "none": None, "sizes": torch.Size([1, 2])}
    extra |= {"list": [1, -2, 2**40, (True, "é")], "dtype": torch.float16}
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))

    def save(value, name: str, **options) -> None:
        torch.save(value, FOLDER / name, **options)

    save(tensors, "zip.bin")
    save(tensors, "legacy.bin", _use_new_zipfile_serialization=False)
    save({"state_dict": tensors} | extra, "nested.ckpt")
    save(module.state_dict(), "module.pt")
    save({"gaps": torch.randn(4, 4)[:, ::2]}, "refused-gaps.pt")
    save(lightning_checkpoint(tensors), "lightning.ckpt")
    save({"state_dict": tensors | {"x": numpy.float64(3)}}, "refused-numpy.ckpt")
    save(module, "refused-module.pt")
    save({"a": RunsCode()}, "refused-code.pt")
    save({"a": RunsCode()}, "refused-code-legacy.pt", _use_new_zipfile_serialization=False)
    save(tensors, "refused-protocol.pt", pickle_protocol=4)
    torch.jit.save(torch.jit.script(module), FOLDER / "refused-script.pt")
    contents = {"state": describe(tensors), "module": describe(module.state_dict())}
    (FOLDER / "contents.json").write_text(json.dumps(contents) + "\n")


if __name__ == "__main__":
    main()
