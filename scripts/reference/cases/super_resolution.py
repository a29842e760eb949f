"""The small models that make an image larger (Stable Diffusion x4 Upscaler), and their runs."""

from cases.runs import enlarging_run
from cases.small_configs import scheduler, text_encoder, unet, vae

PIPELINE = "StableDiffusionUpscalePipeline"


def enlarge(**changes) -> dict:
    """One of the smallest images, which is not resized, four times as large."""
    settings = {"initImage": "sketch-12x16.png", "width": 48, "height": 64}
    return enlarging_run(**(settings | changes))


def by(name: str, **config) -> dict:
    return enlarge(scheduler=name, schedulerConfig=config)


UPSCALE_RUNS = {
    "default": enlarge(stages=True),
    "no-guidance": enlarge(guidanceScale=1.0, steps=3),
    "no-negative": enlarge(negativePrompt="", steps=2),
    "little-noise": enlarge(noiseLevel=0, steps=2),
    "much-noise": enlarge(noiseLevel=350, steps=2),
    "two-images": enlarge(numImages=2, seed=7, steps=3),
    # Sides that are no multiples of 4 are made smaller.
    "rounded": enlarge(initImage="sketch-18x13.png", width=64, height=48, steps=2),
    # The size of the result is asked for.
    "own-size": enlarge(initImage="sketch-70x53.png", width=80, height=48, resize=True, steps=2),
    "tiled": enlarge(initImage="sketch-24x40.png", width=96, height=160, vaeTiling=True, steps=2),
    "ddim-eta": enlarge(eta=0.5),
    "euler-ancestral": by("EulerAncestralDiscreteScheduler"),
    "dpm-multistep-karras": by("DPMSolverMultistepScheduler", use_karras_sigmas=True),
    # A limit of its own.
    "more-noise": enlarge(changes={"model_index.json": {"max_noise_level": 600}}, noiseLevel=500, steps=2),
}

UPSCALE_CASES = {
    "sd-x4-upscale": {
        "pipeline": PIPELINE,
        "tokenizer": "sd2",
        "text_encoder": text_encoder(hidden_act="gelu"),
        "unet": unet(
            attention_head_dim=4,
            block_out_channels=[16, 32, 32],
            class_embed_type=None,
            down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            dual_cross_attention=False,
            in_channels=7,
            num_class_embeds=1000,
            only_cross_attention=[True, True, False],
            sample_size=16,
            up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            use_linear_projection=True,
        ),
        # The pipeline sets another scaling factor than the default, which this has.
        "vae": vae(
            block_out_channels=[8, 8, 16],
            down_block_types=["DownEncoderBlock2D"] * 3,
            up_block_types=["UpDecoderBlock2D"] * 3,
        ),
        "low_res_scheduler": scheduler(
            "DDPMScheduler", beta_start=0.0001, beta_end=0.02, clip_sample=True, variance_type="fixed_small"
        ),
        "scheduler": scheduler(
            "DDIMScheduler",
            beta_start=0.0001,
            beta_end=0.02,
            clip_sample=False,
            prediction_type="v_prediction",
            set_alpha_to_one=False,
            steps_offset=1,
        ),
        "index": {"max_noise_level": 350},
        "runs": UPSCALE_RUNS,
    },
}
