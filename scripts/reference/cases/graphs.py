"""The single models of test/fixtures/graphs: variants of published configs, with a few thousand weights."""

from cases.controlnets import adapter
from cases.pipelines import text_encoder, unet, vae
from cases.small_configs import controlnet as small_controlnet
from cases.small_configs import k_unet, tiny_vae


def unet_case(dtype: str, call: dict, **changes) -> dict:
    call = {"batch": 1, "height": 8, "width": 8, "timestep": 481, "sequence": 9} | call
    return {"component": "unet", "dtype": dtype, "call": call, "config": unet(**changes)}


def adapter_case(dtype: str, adapter_type: str, call: dict, **config) -> dict:
    return {
        "component": "t2i-adapter",
        "dtype": dtype,
        "call": call,
        "config": adapter(adapter_type, **config),
    }


THREE_LEVELS = {
    "block_out_channels": [8, 16, 24],
    "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
}

XL_LEVELS = {
    "block_out_channels": [8, 16, 24],
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
}
XL_CONDITIONS = {
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 6,
    "projection_class_embeddings_input_dim": 52,
}


def controlnet(**changes) -> dict:
    """A ControlNet of the UNets of these cases."""
    levels = {key: value for key, value in changes.items() if key != "up_block_types"}
    return small_controlnet(**({"conditioning_embedding_out_channels": [4, 6, 8, 8]} | levels))


def pruned_xl_case(dtype: str, **changes) -> dict:
    """A UNet of SDXL's levels with other blocks."""
    levels = XL_LEVELS | {"up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"]}
    heads = {"attention_head_dim": [2, 4, 3], "layers_per_block": 2}
    call = {"batch": 1, "height": 6, "timeIds": [1024, 1024, 0, 0, 1024, 1024]}
    return unet_case(dtype, call, **levels | XL_CONDITIONS | heads | changes)


def k_unet_case(dtype: str, call: dict, **changes) -> dict:
    """A UNet of k-diffusion's blocks. It is told a quarter of the logarithm of sigma as its timestep."""
    return unet_case(dtype, {"timestep": 0.37} | call) | {"config": k_unet(**changes)}


IDS = [[845, 5, 300, 12, 846, 846, 846, 3] + [846] * 69, [845] + list(range(1, 76)) + [846]]

CASES = {
    # Stable Diffusion 2.x: a list of heads, linear projections, attention in float32.
    "unet-sd2": unet_case(
        "F16",
        {"batch": 2, "timestep": 999},
        **THREE_LEVELS,
        attention_head_dim=[2, 4, 4],
        layers_per_block=2,
        use_linear_projection=True,
        upcast_attention=True,
        dual_cross_attention=False,
        num_class_embeds=None,
    ),
    # Stable Diffusion x4 Upscaler: the noise level of the small image as a class, cross attention twice.
    "unet-classes": unet_case(
        "F16",
        {"batch": 2, "height": 6, "classLabel": 7},
        block_out_channels=[8, 16, 16],
        down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
        up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
        in_channels=7,
        class_embed_type=None,
        num_class_embeds=12,
        only_cross_attention=[True, True, False],
        use_linear_projection=True,
    ),
    # Sizes that are odd somewhere on the way down, a list of layers, cross attention twice.
    "unet-odd-sizes": unet_case(
        "F32",
        {"height": 7, "width": 10, "timestep": 20.25},
        **THREE_LEVELS,
        attention_head_dim=2,
        layers_per_block=[1, 2, 1],
        transformer_layers_per_block=[2, 1, 1],
        only_cross_attention=[True, False, False],
    ),
    # SDXL: no attention on the first level, text_time.
    "unet-sdxl": unet_case(
        "F16",
        {"batch": 2, "timeIds": [1024, 1024, 0, 16, 768, 1344]},
        block_out_channels=[8, 16, 24],
        down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
        up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
        transformer_layers_per_block=[1, 2, 3],
        attention_head_dim=[2, 4, 3],
        layers_per_block=2,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=6,
        projection_class_embeddings_input_dim=52,
        num_attention_heads=None,
    ),
    # Smaller SDXL models (SSD-1B, Segmind): other transformers on the way up than on the way down.
    "unet-asymmetric": unet_case(
        "F32",
        {},
        transformer_layers_per_block=[[1, 2], [2, 1]],
        reverse_transformer_layers_per_block=[1, [2, 1, 3]],
        layers_per_block=2,
    ),
    # Fewer keys and values on the first level with attention, at sizes that are odd there.
    "unet-few-keys": unet_case(
        "F16",
        {"batch": 2, "height": 10, "width": 14, "tokenDownsampling": 2},
        block_out_channels=[8, 16, 16],
        down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
        up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
        transformer_layers_per_block=[1, 2, 1],
    ),
    # LCM's guidance embedding and the nine channels of inpainting.
    "unet-lcm-inpainting": unet_case(
        "BF16", {"batch": 2, "timestep": 759}, time_cond_proj_dim=12, in_channels=9
    ),
    # Everything about time and activations that configs can change.
    "unet-scale-shift": unet_case(
        "F32",
        {},
        act_fn="gelu",
        center_input_sample=True,
        conv_in_kernel=5,
        conv_out_kernel=1,
        downsample_padding=0,
        flip_sin_to_cos=False,
        freq_shift=1,
        mid_block_scale_factor=1.4142,
        norm_eps=1e-6,
        resnet_time_scale_shift="scale_shift",
        time_embedding_act_fn="mish",
        time_embedding_dim=40,
        timestep_post_act="silu",
    ),
    # Fourier features, a projection of the text, a middle without attention.
    "unet-fourier": unet_case(
        "F32",
        {"timestep": 0.7, "sequence": 5},
        act_fn="swish",
        cross_attention_dim=16,
        encoder_hid_dim=16,
        encoder_hid_dim_type="text_proj",
        mid_block_type="UNetMidBlock2D",
        time_embedding_type="fourier",
    ),
    # The UNet of sd-x2-latent-upscaler: k-diffusion's blocks, no middle, no norm before the last layer.
    "unet-k-diffusion": k_unet_case("F32", {"batch": 2, "width": 12}),
    # Attention on every level, layers of other numbers, norms before the last layer; the deepest has none.
    "unet-k-diffusion-other": k_unet_case(
        "F16",
        {"height": 12},
        attention_head_dim=[8, 16, 32],
        down_block_types=["KCrossAttnDownBlock2D", "KCrossAttnDownBlock2D", "KDownBlock2D"],
        layers_per_block=[2, 1, 2],
        norm_num_groups=4,
        time_embedding_dim=48,
        up_block_types=["KUpBlock2D", "KCrossAttnUpBlock2D", "KCrossAttnUpBlock2D"],
    ),
    # KOALA and other distilled models have no middle at all.
    "unet-no-middle": unet_case("F32", {"batch": 2}, mid_block_type=None, layers_per_block=[2, 1]),
    # Pruned networks as they are published, but narrow. BK-SDM tiny (tiny-sd and SDXS have the same): no
    # middle, and attention on every level.
    "unet-bk-sdm-tiny": unet_case(
        "F16",
        {"batch": 2, "height": 6},
        block_out_channels=[8, 16, 24],
        down_block_types=["CrossAttnDownBlock2D"] * 3,
        up_block_types=["CrossAttnUpBlock2D"] * 3,
        layers_per_block=1,
        mid_block_type=None,
    ),
    # BK-SDM small: no middle, and none of the attention of the last level.
    "unet-bk-sdm-small": unet_case(
        "F32", {"height": 6}, **THREE_LEVELS, layers_per_block=1, mid_block_type=None
    ),
    "unet-ssd-1b": pruned_xl_case(
        "F16",
        mid_block_type="UNetMidBlock2D",
        transformer_layers_per_block=[1, [2, 2], [4, 4]],
        reverse_transformer_layers_per_block=[[4, 4, 10], [2, 1, 1], 1],
    ),
    "unet-segmind-vega": pruned_xl_case(
        "F32", mid_block_type="UNetMidBlock2D", transformer_layers_per_block=[1, 1, 2]
    ),
    "unet-koala-700m": pruned_xl_case(
        "F32", layers_per_block=1, mid_block_type=None, transformer_layers_per_block=[1, 2, 5]
    ),
    # ControlNets of an inpainting UNet: one for a single row, with fewer layers on the image; odd sizes.
    "controlnet": unet_case(
        "F32",
        {"batch": 2, "height": 7, "width": 10, "scales": [[0.5, 0.5], [0.0, 0.8]], "guesses": [False, True]},
        **THREE_LEVELS,
        in_channels=9,
        layers_per_block=2,
    )
    | {
        "controls": [
            controlnet(**THREE_LEVELS, layers_per_block=2),
            controlnet(
                **THREE_LEVELS,
                layers_per_block=2,
                conditioning_embedding_out_channels=[4, 8],
                act_fn="gelu",
            ),
        ]
    },
    # Of SDXL, one without attention; the same at every place, for the prompt alone.
    "controlnet-sdxl": unet_case(
        "F16",
        {
            "batch": 2,
            "timeIds": [1024, 1024, 0, 16, 768, 1344],
            "scales": [[0.5, 0.5], [0.0, 1.0]],
            "guesses": [False, True],
        },
        **XL_LEVELS,
        **XL_CONDITIONS,
        up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
        transformer_layers_per_block=[1, 2, 3],
        attention_head_dim=[2, 4, 3],
    )
    | {
        "controls": [
            controlnet(
                **XL_LEVELS,
                **XL_CONDITIONS,
                transformer_layers_per_block=[1, 1, 2],
                attention_head_dim=[2, 4, 3],
                num_attention_heads=[4, 2, 6],
            ),
            controlnet(
                **XL_LEVELS
                | XL_CONDITIONS
                | {"down_block_types": ["DownBlock2D"] * 3, "mid_block_type": "UNetMidBlock2D"},
                global_pool_conditions=True,
            ),
        ]
    },
    # T2I-Adapters, each with odd sizes somewhere on the way down.
    "adapter-full": adapter_case("F32", "full_adapter", {"height": 56, "width": 40}, channels=[6, 8, 12, 12]),
    "adapter-light": adapter_case(
        "F16", "light_adapter", {"height": 40, "width": 72}, channels=[8, 16, 24], in_channels=1
    ),
    "adapter-xl": adapter_case(
        "F32",
        "full_adapter_xl",
        {"height": 48, "width": 80},
        channels=[6, 8, 12, 12],
        downscale_factor=16,
        num_res_blocks=1,
    ),
    # What they add to SDXL's UNet, the middle too, beside a ControlNet.
    "unet-features": unet_case(
        "F32",
        {
            "batch": 2,
            "height": 6,
            "timeIds": [1024, 1024, 0, 16, 768, 1344],
            "scales": [[0.5, 0.5]],
            "guesses": [False],
            "features": [[8, 3, 4], [16, 3, 4], [24, 2, 2], [24, 2, 2]],
        },
        **XL_LEVELS,
        **XL_CONDITIONS,
        up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
        attention_head_dim=[2, 4, 3],
    )
    | {"controls": [controlnet(**XL_LEVELS, **XL_CONDITIONS, attention_head_dim=[2, 4, 3])]},
    "vae-old-names": {
        "component": "vae",
        "dtype": "F16",
        "oldNames": True,
        "call": {"batch": 2, "height": 3, "width": 5},
        "config": vae(),
    },
    "vae-no-quant-convs": {
        "component": "vae",
        "dtype": "BF16",
        "call": {"batch": 1, "height": 8, "width": 4},
        "config": vae(
            act_fn="gelu",
            block_out_channels=[8, 12],
            down_block_types=["DownEncoderBlock2D"] * 2,
            up_block_types=["UpDecoderBlock2D"] * 2,
            latent_channels=16,
            layers_per_block=2,
            mid_block_add_attention=False,
            scaling_factor=1.5305,
            shift_factor=0.0609,
            use_post_quant_conv=False,
            use_quant_conv=False,
        ),
    },
    "tiny-vae": {
        "component": "tiny-vae",
        "dtype": "F16",
        "call": {"batch": 2, "height": 3, "width": 4},
        "config": tiny_vae(_diffusers_version="0.20.0", block_out_channels=None),
    },
    # SD 2.x's text encoder: exact GELU, an end token of its own, with and without the older prefix.
    "clip-gelu": {
        "component": "text_encoder",
        "dtype": "F16",
        "bareNames": True,
        "call": {"ids": IDS},
        "config": text_encoder(hidden_act="gelu", eos_token_id=846, num_hidden_layers=2),
    },
    # SDXL's second text encoder: a projection, hidden_states[-2].
    "clip-projection": {
        "component": "text_encoder",
        "dtype": "F32",
        "call": {"ids": IDS},
        "config": text_encoder(
            architectures=["CLIPTextModelWithProjection"],
            hidden_act="gelu",
            projection_dim=20,
        ),
    },
}
