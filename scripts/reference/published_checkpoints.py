"""Makes test/fixtures/single-files-published: names and shapes of whole checkpoints, without their values.

    python scripts/reference/published_checkpoints.py

They follow from the published configs (fullsize_configs.py has one of them); names are the original code's,
checked by having diffusers' own conversion find every parameter of its models.
"""

import gzip
import json
from pathlib import Path

import torch
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders import single_file_utils as diffusers_names

from fullsize_configs import SD15_TEXT_ENCODER, SD15_UNET, SD15_VAE
from single_files import original_tensors

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "single-files-published"
CROSS_DOWN, CROSS_UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"

OPEN_CLIP = SD15_TEXT_ENCODER | {"hidden_act": "gelu"}
CASES = {
    "sd1": {"unet": SD15_UNET, "vae": SD15_VAE, "text_encoder": SD15_TEXT_ENCODER},
    "sd2": {
        "unet": SD15_UNET
        | {
            "attention_head_dim": [5, 10, 20, 20],
            "cross_attention_dim": 1024,
            "sample_size": 96,
            "upcast_attention": True,
            "use_linear_projection": True,
        },
        "vae": SD15_VAE,
        "text_encoder": OPEN_CLIP
        | {"hidden_size": 1024, "intermediate_size": 4096, "num_attention_heads": 16, "num_hidden_layers": 23},
        "extraLayers": 1,
    },
    "sdxl": {
        "unet": SD15_UNET
        | {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "attention_head_dim": [5, 10, 20],
            "block_out_channels": [320, 640, 1280],
            "cross_attention_dim": 2048,
            "down_block_types": ["DownBlock2D", CROSS_DOWN, CROSS_DOWN],
            "projection_class_embeddings_input_dim": 2816,
            "sample_size": 128,
            "transformer_layers_per_block": [1, 2, 10],
            "up_block_types": [CROSS_UP, CROSS_UP, "UpBlock2D"],
            "use_linear_projection": True,
        },
        "vae": SD15_VAE,
        "text_encoder": SD15_TEXT_ENCODER,
        "text_encoder_2": OPEN_CLIP
        | {
            "architectures": ["CLIPTextModelWithProjection"],
            "hidden_size": 1280,
            "intermediate_size": 5120,
            "num_attention_heads": 20,
            "num_hidden_layers": 32,
            "projection_dim": 1280,
        },
    },
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
        print(name, len(tensors), diffusers_names.infer_diffusers_model_type(
            {key: torch.empty(shape, device="meta") for key, shape in tensors.items()}
        ))


if __name__ == "__main__":
    main()
