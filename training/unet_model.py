"""The configuration of the UNet and its noise schedule."""

from diffusers import DDIMScheduler, UNet2DConditionModel

from .autoencoder import LATENT
from .text_encoder import WIDTH

SCHEDULE = {
    "num_train_timesteps": 1000,
    "beta_schedule": "squaredcos_cap_v2",
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
    "clip_sample": False,
    "set_alpha_to_one": True,
    "steps_offset": 1,
}


def make_unet() -> UNet2DConditionModel:
    """About 16 million parameters at 8 x 8 and 4 x 4; attention at 4 x 4 only, where it is cheap."""
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=LATENT,
        out_channels=LATENT,
        block_out_channels=(128, 256),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        mid_block_type="UNetMidBlock2DCrossAttn",
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=(4, 8),
        norm_num_groups=16,
        use_linear_projection=True,
    )


def make_scheduler() -> DDIMScheduler:
    """The scheduler of training and of the exported model."""
    return DDIMScheduler(**SCHEDULE)
