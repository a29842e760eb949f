"""The small checkpoints in the original layout of test/fixtures/single-files."""

from cases.graphs import CASES as GRAPHS
from cases.small_configs import text_encoder, unet, vae
from cases.super_resolution import UPSCALE_CASES

TWO_LAYERS = {"layers_per_block": 2}
FOUR_LEVELS = {
    "block_out_channels": [8, 16, 16, 24],
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    "norm_num_groups": 4,
}
OPEN_CLIP = {"hidden_act": "gelu", "num_hidden_layers": 2}

SDXL = {
    "unet": GRAPHS["unet-sdxl"]["config"] | {"cross_attention_dim": 32 + 16},
    "call": {"timeIds": [1024, 1024, 0, 16, 768, 1344]},
    "vae": vae(layers_per_block=2, scaling_factor=0.13025),
    "text_encoder": text_encoder(),
    "text_encoder_2": text_encoder(
        **OPEN_CLIP,
        architectures=["CLIPTextModelWithProjection"],
        hidden_size=16,
        intermediate_size=64,
        projection_dim=16,
    ),
}

REFINER_LEVELS = {
    "block_out_channels": [8, 16, 24, 24],
    "down_block_types": ["DownBlock2D"] + ["CrossAttnDownBlock2D"] * 2 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 2 + ["UpBlock2D"],
    "attention_head_dim": [2, 4, 3, 3],
    "transformer_layers_per_block": 1,
    "layers_per_block": 1,
    "cross_attention_dim": 16,
    "projection_class_embeddings_input_dim": 16 + 5 * 6,
}

CASES = {
    "sd1": {
        "unet": unet(**FOUR_LEVELS, **TWO_LAYERS),
        "vae": vae(layers_per_block=2),
        "text_encoder": text_encoder(),
        "dtype": "F16",
    },
    # The text encoder's last layer is in the file and left out; nine channels for inpainting.
    "sd2-inpainting": {
        "unet": unet(
            **FOUR_LEVELS,
            **TWO_LAYERS,
            in_channels=9,
            use_linear_projection=True,
            attention_head_dim=[2, 2, 4, 4],
        ),
        "vae": vae(layers_per_block=2),
        "text_encoder": text_encoder(**OPEN_CLIP),
        "extraLayers": 1,
    },
    # An upscaler: noise levels as classes, and three levels of the autoencoder.
    "sd2-upscaling": {
        "unet": UPSCALE_CASES["sd-x4-upscale"]["unet"] | TWO_LAYERS,
        "call": {"classLabel": 20},
        "vae": UPSCALE_CASES["sd-x4-upscale"]["vae"] | TWO_LAYERS,
        "text_encoder": text_encoder(**OPEN_CLIP),
        "extraLayers": 1,
    },
    "sdxl": SDXL,
    # A refiner: the second text encoder alone, and five time ids.
    "sdxl-refiner": {
        "unet": SDXL["unet"] | REFINER_LEVELS,
        "call": {"timeIds": [1024, 1024, 0, 16, 6.5]},
        "vae": SDXL["vae"],
        "text_encoder_2": SDXL["text_encoder_2"],
    },
    # Pruned networks, whose file tells the blocks: one ResNet in the place of two, and no middle. BK-SDM
    # tiny has three levels of "sd1", all with attention.
    "bk-sdm-tiny": {
        "unet": unet(
            block_out_channels=FOUR_LEVELS["block_out_channels"][:3],
            down_block_types=["CrossAttnDownBlock2D"] * 3,
            up_block_types=["CrossAttnUpBlock2D"] * 3,
            norm_num_groups=4,
            layers_per_block=1,
            mid_block_type=None,
        ),
        "vae": vae(layers_per_block=1),
        "text_encoder": text_encoder(),
        "dtype": "F16",
    },
    "koala": SDXL
    | {
        "unet": SDXL["unet"]
        | {"layers_per_block": 1, "mid_block_type": None, "transformer_layers_per_block": [1, 2, 3]},
        "vae": vae(layers_per_block=1, scaling_factor=0.13025),
        "dtype": "F16",
    },
    # Weights in float8, as e5m2.
    "sdxl-float8": SDXL | {"dtype": "F8_E5M2"},
}
