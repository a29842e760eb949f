"""Components alone: variants of the UNet that no small pipeline has, and those of Stable Diffusion XL."""

from small_configs import NEGATIVE, PROMPT, text_encoder, unet, vae

XL_POOLED = 24  # width of the second text encoder's projection
XL_TIME = 8

COMPONENT_CASES = {
    # BK-SDM and its kind: no middle block.
    "unet-no-mid": {
        "unet": unet(mid_block_type=None),
        "alone": {"unet": {"batch": 1, "height": 8, "width": 6, "timestep": 981}},
    },
    # Options that change the arithmetic, all away from their defaults.
    "unet-options": {
        "unet": unet(
            act_fn="gelu",
            center_input_sample=True,
            conv_in_kernel=5,
            conv_out_kernel=1,
            downsample_padding=0,
            encoder_hid_dim=20,
            encoder_hid_dim_type="text_proj",
            flip_sin_to_cos=False,
            freq_shift=1,
            mid_block_scale_factor=1.4142,
            norm_eps=1e-3,
            norm_num_groups=4,
            only_cross_attention=[True, False],
            resnet_time_scale_shift="scale_shift",
            time_embedding_act_fn="silu",
            time_embedding_dim=40,
            timestep_post_act="mish",
        ),
        "alone": {"unet": {"batch": 2, "height": 6, "width": 10, "timestep": 333, "sequence": 9}},
    },
    # Fourier features of the time, a middle block without cross attention, and stacks of transformer
    # layers that differ on the way up.
    "unet-asymmetric": {
        "unet": unet(
            act_fn="mish",
            layers_per_block=2,
            mid_block_type="UNetMidBlock2D",
            reverse_transformer_layers_per_block=[[1, 1, 1], [1, 2, 1]],
            time_embedding_type="fourier",
            transformer_layers_per_block=[[2, 1], [1, 1]],
        ),
        "alone": {"unet": {"batch": 1, "height": 4, "width": 4, "timestep": 1.25}},
    },
    # Stable Diffusion XL in small: two text encoders, pooled text and sizes as further inputs.
    "sdxl": {
        "pipeline": "StableDiffusionXLPipeline",
        "tokenizer": "sd1",
        "tokenizer_2": "sdxl2",
        "text_encoder": text_encoder(projection_dim=32),
        "text_encoder_2": text_encoder(
            architectures=["CLIPTextModelWithProjection"],
            hidden_act="gelu",
            hidden_size=40,
            intermediate_size=80,
            num_hidden_layers=3,
            projection_dim=XL_POOLED,
        ),
        "unet": unet(
            addition_embed_type="text_time",
            addition_embed_type_num_heads=64,
            addition_time_embed_dim=XL_TIME,
            attention_head_dim=[2, 4],
            cross_attention_dim=72,
            down_block_types=["DownBlock2D", "CrossAttnDownBlock2D"],
            projection_class_embeddings_input_dim=XL_POOLED + 6 * XL_TIME,
            transformer_layers_per_block=[1, 2],
            up_block_types=["CrossAttnUpBlock2D", "UpBlock2D"],
            use_linear_projection=True,
        ),
        "vae": vae(force_upcast=True, scaling_factor=0.13025, sample_size=1024),
        "dtype": "F16",
        "alone": {
            "text_encoder": {"texts": [PROMPT, NEGATIVE]},
            "text_encoder_2": {"texts": [PROMPT, "two cats!"]},
            "unet": {
                "batch": 2,
                "height": 6,
                "width": 8,
                "timestep": 961,
                "timeIds": [1024, 1024, 0, 0, 768, 1024],
            },
            "vae": {"batch": 1, "height": 3, "width": 4},
        },
    },
}
