"""Configs of small components, with the fields of published ones."""

VOCABULARY = 847  # of test/fixtures/tokenizers/small

PROMPT = "a red apple on a white table, highly detailed"
NEGATIVE = "blurry, low quality"


def text_encoder(**changes) -> dict:
    config = {
        "architectures": ["CLIPTextModel"],
        "attention_dropout": 0.0,
        "bos_token_id": 0,
        "dropout": 0.0,
        "eos_token_id": 2,
        "hidden_act": "quick_gelu",
        "hidden_size": 32,
        "initializer_factor": 1.0,
        "initializer_range": 0.02,
        "intermediate_size": 64,
        "layer_norm_eps": 1e-05,
        "max_position_embeddings": 77,
        "model_type": "clip_text_model",
        "num_attention_heads": 4,
        "num_hidden_layers": 3,
        "pad_token_id": 1,
        "vocab_size": VOCABULARY,
    }
    return config | changes


def clip_vision(**changes) -> dict:
    """The image model of CLIP. Images have 3 × 3 patches."""
    config = {
        "attention_dropout": 0.0,
        "dropout": 0.0,
        "hidden_act": "quick_gelu",
        "hidden_size": 32,
        "image_size": 42,
        "initializer_factor": 1.0,
        "initializer_range": 0.02,
        "intermediate_size": 64,
        "layer_norm_eps": 1e-05,
        "model_type": "clip_vision_model",
        "num_attention_heads": 4,
        "num_channels": 3,
        "num_hidden_layers": 3,
        "patch_size": 14,
        "projection_dim": 24,
    }
    return config | changes


def unet(**changes) -> dict:
    config = {
        "_class_name": "UNet2DConditionModel",
        "_diffusers_version": "0.21.0",
        "act_fn": "silu",
        "attention_head_dim": 4,
        "block_out_channels": [16, 32],
        "center_input_sample": False,
        "cross_attention_dim": 32,
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "downsample_padding": 1,
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "in_channels": 4,
        "layers_per_block": 1,
        "mid_block_scale_factor": 1,
        "norm_eps": 1e-05,
        "norm_num_groups": 8,
        "out_channels": 4,
        "sample_size": 8,
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
    }
    return config | changes


def k_unet(**changes) -> dict:
    """The UNet of stabilityai/sd-x2-latent-upscaler, with few channels."""
    config = {
        "_class_name": "UNet2DConditionModel",
        "_diffusers_version": "0.12.0",
        "act_fn": "gelu",
        "attention_head_dim": 16,
        "block_out_channels": [32, 64, 64],
        "center_input_sample": False,
        "class_embed_type": None,
        "conv_in_kernel": 1,
        "conv_out_kernel": 1,
        "cross_attention_dim": 32,
        "down_block_types": ["KDownBlock2D", "KCrossAttnDownBlock2D", "KCrossAttnDownBlock2D"],
        "downsample_padding": 1,
        "dual_cross_attention": False,
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "in_channels": 8,
        "layers_per_block": [1, 2, 2],
        "mid_block_scale_factor": 1,
        "mid_block_type": None,
        "norm_eps": 1e-05,
        "norm_num_groups": None,
        "num_class_embeds": None,
        "only_cross_attention": False,
        "out_channels": 5,
        "projection_class_embeddings_input_dim": None,
        "resnet_time_scale_shift": "scale_shift",
        "sample_size": None,
        "time_cond_proj_dim": 160,
        "time_embedding_type": "fourier",
        "timestep_post_act": "gelu",
        "up_block_types": ["KCrossAttnUpBlock2D", "KCrossAttnUpBlock2D", "KUpBlock2D"],
        "upcast_attention": False,
        "use_linear_projection": False,
    }
    return config | changes


def controlnet(**changes) -> dict:
    """A ControlNet of `unet()`, with the fields of published ones."""
    config = {
        "_class_name": "ControlNetModel",
        "_diffusers_version": "0.21.0",
        "act_fn": "silu",
        "attention_head_dim": 4,
        "block_out_channels": [16, 32],
        "class_embed_type": None,
        "conditioning_embedding_out_channels": [4, 6, 8, 12],
        "controlnet_conditioning_channel_order": "rgb",
        "cross_attention_dim": 32,
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "downsample_padding": 1,
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "in_channels": 4,
        "layers_per_block": 1,
        "mid_block_scale_factor": 1,
        "norm_eps": 1e-05,
        "norm_num_groups": 8,
        "num_class_embeds": None,
        "only_cross_attention": False,
        "projection_class_embeddings_input_dim": None,
        "resnet_time_scale_shift": "default",
        "upcast_attention": False,
        "use_linear_projection": False,
    }
    return config | changes


def vae(**changes) -> dict:
    config = {
        "_class_name": "AutoencoderKL",
        "_diffusers_version": "0.21.0",
        "act_fn": "silu",
        "block_out_channels": [8, 8, 16, 16],
        "down_block_types": ["DownEncoderBlock2D"] * 4,
        "in_channels": 3,
        "latent_channels": 4,
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "out_channels": 3,
        "sample_size": 64,
        "up_block_types": ["UpDecoderBlock2D"] * 4,
    }
    return config | changes


def scheduler(name: str, **changes) -> dict:
    config = {
        "_class_name": name,
        "_diffusers_version": "0.21.0",
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "num_train_timesteps": 1000,
        "trained_betas": None,
    }
    return config | changes


def euler(steps_offset: int, timestep_spacing: str) -> dict:
    """The scheduler of SDXL, SD-Turbo and SDXS."""
    return scheduler(
        "EulerDiscreteScheduler",
        interpolation_type="linear",
        prediction_type="epsilon",
        sample_max_value=1.0,
        set_alpha_to_one=False,
        skip_prk_steps=True,
        steps_offset=steps_offset,
        timestep_spacing=timestep_spacing,
        use_karras_sigmas=False,
    )


def tiny_vae(**changes) -> dict:
    """TAESD with fewer channels. A field that is None is left out."""
    config = {
        "_class_name": "AutoencoderTiny",
        "_diffusers_version": "0.20.0.dev0",
        "act_fn": "relu",
        "block_out_channels": [8, 8, 8, 8],
        "decoder_block_out_channels": [8, 8, 8, 8],
        "encoder_block_out_channels": [8, 8, 8, 8],
        "force_upcast": False,
        "in_channels": 3,
        "latent_channels": 4,
        "latent_magnitude": 3,
        "latent_shift": 0.5,
        "num_decoder_blocks": [3, 3, 3, 1],
        "num_encoder_blocks": [1, 3, 3, 3],
        "out_channels": 3,
        "scaling_factor": 1.0,
        "upsampling_scaling_factor": 2,
    } | changes
    return {name: value for name, value in config.items() if value is not None}
