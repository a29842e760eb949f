"""Configs of published models, without the fields that do not describe the model."""

from cases.small_configs import tiny_vae

SD15_UNET = {
    "_class_name": "UNet2DConditionModel",
    "_diffusers_version": "0.6.0",
    "act_fn": "silu",
    "attention_head_dim": 8,
    "block_out_channels": [320, 640, 1280, 1280],
    "center_input_sample": False,
    "cross_attention_dim": 768,
    "down_block_types": [
        "CrossAttnDownBlock2D",
        "CrossAttnDownBlock2D",
        "CrossAttnDownBlock2D",
        "DownBlock2D",
    ],
    "downsample_padding": 1,
    "flip_sin_to_cos": True,
    "freq_shift": 0,
    "in_channels": 4,
    "layers_per_block": 2,
    "mid_block_scale_factor": 1,
    "norm_eps": 1e-05,
    "norm_num_groups": 32,
    "out_channels": 4,
    "sample_size": 64,
    "up_block_types": [
        "UpBlock2D",
        "CrossAttnUpBlock2D",
        "CrossAttnUpBlock2D",
        "CrossAttnUpBlock2D",
    ],
}

SD15_TEXT_ENCODER = {
    "architectures": ["CLIPTextModel"],
    "attention_dropout": 0.0,
    "bos_token_id": 0,
    "dropout": 0.0,
    "eos_token_id": 2,
    "hidden_act": "quick_gelu",
    "hidden_size": 768,
    "initializer_factor": 1.0,
    "initializer_range": 0.02,
    "intermediate_size": 3072,
    "layer_norm_eps": 1e-05,
    "max_position_embeddings": 77,
    "model_type": "clip_text_model",
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "pad_token_id": 1,
    "projection_dim": 768,
    "vocab_size": 49408,
}

SD15_VAE = {
    "_class_name": "AutoencoderKL",
    "_diffusers_version": "0.6.0",
    "act_fn": "silu",
    "block_out_channels": [128, 256, 512, 512],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "in_channels": 3,
    "latent_channels": 4,
    "layers_per_block": 2,
    "norm_num_groups": 32,
    "out_channels": 3,
    "sample_size": 512,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
}

TAESD = tiny_vae(
    block_out_channels=None,
    decoder_block_out_channels=[64] * 4,
    encoder_block_out_channels=[64] * 4,
)

SD21_UNET = SD15_UNET | {
    "attention_head_dim": [5, 10, 20, 20],
    "cross_attention_dim": 1024,
    "dual_cross_attention": False,
    "sample_size": 96,
    "upcast_attention": True,
    "use_linear_projection": True,
}

# OpenCLIP ViT-H without its last layer.
SD21_TEXT_ENCODER = SD15_TEXT_ENCODER | {
    "hidden_act": "gelu",
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_attention_heads": 16,
    "num_hidden_layers": 23,
    "projection_dim": 512,
}

SDXL_UNET = SD15_UNET | {
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "attention_head_dim": [5, 10, 20],
    "block_out_channels": [320, 640, 1280],
    "cross_attention_dim": 2048,
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "projection_class_embeddings_input_dim": 2816,
    "sample_size": 128,
    "transformer_layers_per_block": [1, 2, 10],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "use_linear_projection": True,
}

# OpenCLIP ViT-bigG.
SDXL_TEXT_ENCODER_2 = SD15_TEXT_ENCODER | {
    "architectures": ["CLIPTextModelWithProjection"],
    "hidden_act": "gelu",
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_attention_heads": 20,
    "num_hidden_layers": 32,
    "projection_dim": 1280,
}

SDXL_VAE = SD15_VAE | {"force_upcast": True, "sample_size": 1024, "scaling_factor": 0.13025}

SCHEDULE = {
    "_diffusers_version": "0.21.0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "trained_betas": None,
}
PNDM = SCHEDULE | {"_class_name": "PNDMScheduler", "skip_prk_steps": True}
DDIM_V = SCHEDULE | {"_class_name": "DDIMScheduler", "prediction_type": "v_prediction"}
EULER = SCHEDULE | {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"}
TURBO = SCHEDULE | {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "trailing"}
LCM = SCHEDULE | {"_class_name": "LCMScheduler", "original_inference_steps": 50, "set_alpha_to_one": True}

SD14 = {
    "text_encoder": SD15_TEXT_ENCODER,
    "unet": SD15_UNET,
    "vae": SD15_VAE,
    "scheduler": PNDM,
    "tokenizers": {"tokenizer": "sd1"},
}
SD21 = {
    "text_encoder": SD21_TEXT_ENCODER,
    "unet": SD21_UNET,
    "vae": SD15_VAE | {"sample_size": 768},
    "scheduler": DDIM_V,
    "tokenizers": {"tokenizer": "sd2"},
}
X4_UPSCALER = {
    "text_encoder": SD21_TEXT_ENCODER,
    "unet": SD15_UNET
    | {
        "block_out_channels": [256, 512, 512, 1024],
        "cross_attention_dim": 1024,
        "down_block_types": ["DownBlock2D"] + ["CrossAttnDownBlock2D"] * 3,
        "dual_cross_attention": False,
        "in_channels": 7,
        "num_class_embeds": 1000,
        "only_cross_attention": [True, True, True, False],
        "sample_size": 128,
        "up_block_types": ["CrossAttnUpBlock2D"] * 3 + ["UpBlock2D"],
        "use_linear_projection": True,
    },
    "vae": SD15_VAE
    | {
        "block_out_channels": [128, 256, 512],
        "down_block_types": ["DownEncoderBlock2D"] * 3,
        "sample_size": 256,
        "scaling_factor": 0.08333,
        "up_block_types": ["UpDecoderBlock2D"] * 3,
    },
}
SDXL = {
    "pipeline": "StableDiffusionXLPipeline",
    "text_encoder": SD15_TEXT_ENCODER,
    "text_encoder_2": SDXL_TEXT_ENCODER_2,
    "unet": SDXL_UNET,
    "vae": SDXL_VAE,
    "scheduler": EULER,
    "tokenizers": {"tokenizer": "sd1", "tokenizer_2": "sdxl2"},
}

# Of the same layout, for trying out a benchmark on a machine that is slow at it.
TOY_TEXT_ENCODER = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
}
TOY_UNET = SD15_UNET | {
    "block_out_channels": [32, 64, 64, 64],
    "cross_attention_dim": 64,
    "layers_per_block": 1,
    "sample_size": 16,
}
TOY_SDXL_UNET = SDXL_UNET | {
    "attention_head_dim": [1, 2, 2],
    "block_out_channels": [32, 64, 64],
    "cross_attention_dim": 64,
    "layers_per_block": 1,
    "sample_size": 16,
    "transformer_layers_per_block": [1, 1, 2],
}
TOY_VAE = SD15_VAE | {"block_out_channels": [32, 32, 64, 64], "layers_per_block": 1, "sample_size": 128}
TOY_TURBO = {
    "text_encoder": SD21_TEXT_ENCODER | TOY_TEXT_ENCODER,
    # diffusers corrects small sizes in configs of versions before 0.9.
    "unet": TOY_UNET | {"sample_size": 8, "_diffusers_version": "0.21.0"},
    "vae": TOY_VAE,
    "scheduler": TURBO,
    "tokenizers": {"tokenizer": "sd2"},
}

# Components alone, and models that draw. `weights` names the model whose files another one shares: tensors of
# the same names and shapes.
MODELS = {
    "sd15": {"unet": SD15_UNET, "text_encoder": SD15_TEXT_ENCODER, "vae": SD15_VAE},
    "taesd": {"vae": TAESD},
    "sd14": SD14,
    "sd21": SD21,
    "sd-turbo": SD21 | {"unet": SD21_UNET | {"sample_size": 64}, "scheduler": TURBO, "weights": "sd21"},
    "lcm": SD14
    | {
        "pipeline": "LatentConsistencyModelPipeline",
        "unet": SD15_UNET | {"sample_size": 96, "time_cond_proj_dim": 256},
        "scheduler": LCM,
    },
    "sdxl": SDXL,
    "toy-sd15": {"unet": TOY_UNET, "vae": TOY_VAE},
    "toy-sdxl": {"unet": TOY_SDXL_UNET},
    "toy-sd-turbo": TOY_TURBO,
    "sdxl-turbo": SDXL | {"unet": SDXL_UNET | {"sample_size": 64}, "scheduler": TURBO, "weights": "sdxl"},
}
