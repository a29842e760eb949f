"""Makes test/fixtures/single-files-published: names and shapes of whole checkpoints, without their values.

    python scripts/reference/published_checkpoints.py

They follow from the published configs (cases/fullsize_configs.py). Names are those of the original code. As a
check, the conversion of diffusers must find every parameter of its models.
"""

import gzip
import json
from pathlib import Path

import torch
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders import single_file_utils as diffusers_names

from cases.fullsize_configs import MODELS, SD15_VAE, X4_UPSCALER
from single_files import original_tensors

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "single-files-published"

# The original checkpoints of 2.x hold the last layer of the text encoder, too, which is not used.
CASES = {
    "sd1": MODELS["sd14"] | {"vae": SD15_VAE},
    "sd2": MODELS["sd21"] | {"vae": SD15_VAE, "extraLayers": 1},
    "sdxl": MODELS["sdxl"] | {"vae": SD15_VAE},
    "x4-upscaler": X4_UPSCALER | {"extraLayers": 1},
}


def check(tensors: dict, case: dict) -> None:
    """diffusers' conversion finds every parameter, in its shape."""
    checkpoint = {name: torch.empty(shape, device="meta") for name, shape in tensors.items()}
    for kind, config, convert in (
        (UNet2DConditionModel, case["unet"], diffusers_names.convert_ldm_unet_checkpoint),
        (AutoencoderKL, case["vae"], diffusers_names.convert_ldm_vae_checkpoint),
    ):
        model = kind.from_config(config)
        converted = convert(dict(checkpoint), config=dict(model.config))
        expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
        found = {name: tuple(value.shape) for name, value in converted.items()}
        assert found == expected, set(found.items()) ^ set(expected.items())


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, case in CASES.items():
        with init_empty_weights():
            tensors = original_tensors(case)
            check(tensors, case)
        text = json.dumps(tensors, separators=(",", ":")).encode()
        (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))
        print(
            name,
            len(tensors),
            diffusers_names.infer_diffusers_model_type(
                {key: torch.empty(shape, device="meta") for key, shape in tensors.items()}
            ),
        )


if __name__ == "__main__":
    main()
