"""Single components: variants of the UNet that no small pipeline has."""

from cases.small_configs import unet

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
}
