"""The small models of the Stable Diffusion XL family, and their runs."""

from cases.runs import image_run, run
from cases.small_configs import NEGATIVE, PROMPT, euler, text_encoder, unet, vae

POOLED = 24  # width of the second text encoder's projection
TIME = 8

XL_SCHEDULER = euler(steps_offset=1, timestep_spacing="leading")


def xl(**changes) -> dict:
    return run(**({"guidanceScale": 5.0, "stages": False} | changes))


def img2img(**changes) -> dict:
    settings = {"guidanceScale": 5.0, "strength": 0.3, "steps": 10}
    return image_run("StableDiffusionXLImg2ImgPipeline", **(settings | changes))


def inpaint(**changes) -> dict:
    settings = {"guidanceScale": 5.0, "mask": "mask.png"}
    return image_run("StableDiffusionXLInpaintPipeline", **(settings | changes))


TURBO = {
    "guidanceScale": 0.0,
    "negativePrompt": "",
    "scheduler": "EulerAncestralDiscreteScheduler",
    "schedulerConfig": {"timestep_spacing": "trailing"},
}
NO_ZEROS = {"model_index.json": {"force_zeros_for_empty_prompt": False}}
NEGATIVE_SIZES = {
    "negativeOriginalSize": {"width": 300, "height": 128},
    "negativeTargetSize": {"width": 700, "height": 900},
    "negativeCropTopLeft": {"left": 200, "top": 500},
}
STATISTICS = {
    "vae/config.json": {
        "latents_mean": [-1.6574, 1.886, -1.383, 2.5155],
        "latents_std": [8.4927, 5.9022, 6.5498, 5.2299],
        "scaling_factor": 0.5,
    }
}

# CosXL: a model in Karras' formulation.
COS = {
    "model_index.json": {"scheduler": ["diffusers", "EDMEulerScheduler"]},
    "scheduler/scheduler_config.json": {
        "_class_name": "EDMEulerScheduler",
        "prediction_type": "v_prediction",
        "sigma_data": 1.0,
        "sigma_max": 120.0,
        "sigma_min": 0.002,
        "sigma_schedule": "exponential",
    },
}

XL_RUNS = {
    "default": xl(stages=True),
    # Without a negative prompt its embeddings are zeros, not those of an empty text.
    "no-negative": xl(negativePrompt="", steps=2),
    "empty-negative": xl(negativePrompt="", steps=2, changes=NO_ZEROS),
    "rescaled": xl(guidanceRescale=0.7, steps=3),
    "odd-size": xl(width=72, height=40, steps=2),
    "two-images": xl(numImages=2, steps=2, scheduler="EulerAncestralDiscreteScheduler"),
    "dpm-multistep-karras": xl(
        scheduler="DPMSolverMultistepScheduler", schedulerConfig={"use_karras_sigmas": True}
    ),
    "turbo": xl(steps=1, **TURBO),
    "turbo-four-steps": xl(steps=4, **TURBO),
    "cosxl": xl(changes=COS),
    "cosxl-img2img": img2img(steps=6, strength=0.5, changes=COS),
    # As the card of DMD2 draws with its UNet of one step.
    "lcm-timesteps": xl(
        steps=1, guidanceScale=0.0, negativePrompt="", scheduler="LCMScheduler", timesteps=[399], numImages=2
    ),
    "lcm-timesteps-three": xl(steps=3, guidanceScale=1.0, scheduler="LCMScheduler", timesteps=[799, 399, 99]),
    "latent-statistics": xl(steps=2, changes=STATISTICS),
    "img2img": img2img(),
    "img2img-statistics": img2img(changes=STATISTICS),
    "img2img-turbo": img2img(steps=2, strength=0.5) | TURBO,
    "inpaint": inpaint(),
    "hires-latent": xl(
        width=48,
        height=48,
        steps=2,
        hires={"scale": 1.5, "strength": 0.5, "steps": 4, "upscaler": "latent"},
    ),
    "clip-skip": xl(clipSkip=1, steps=2),
    # All layers, with the last one, which SDXL never uses.
    "clip-skip-all": xl(clipSkip=2, steps=2, negativePrompt=""),
    "prompt-2": xl(prompt2="oil on canvas, thick paint", negativePrompt2="a photo", steps=2),
    # The negative prompt of the second encoder alone, and the second prompt in both passes.
    "prompt-2-hires": xl(
        negativePrompt="",
        negativePrompt2="a photo",
        prompt2="oil on canvas",
        width=48,
        height=48,
        steps=2,
        hires={"scale": 1.5, "strength": 0.5, "steps": 2, "upscaler": "latent"},
    ),
    "img2img-prompt-2": img2img(prompt2="oil on canvas", steps=4, strength=0.5),
    "freeu": xl(freeu={"s1": 0.6, "s2": 0.4, "b1": 1.1, "b2": 1.2}, steps=2),
    "sizes": xl(
        originalSize={"width": 512, "height": 300},
        targetSize={"width": 900, "height": 1024},
        cropTopLeft={"left": 40, "top": 70},
        steps=2,
    ),
    "img2img-sizes": img2img(
        originalSize={"width": 512, "height": 300}, cropTopLeft={"left": 40, "top": 70}, steps=4, strength=0.5
    ),
    "negative-sizes": xl(**NEGATIVE_SIZES, steps=2),
    # Its own corner is that of the prompt.
    "img2img-negative-sizes": img2img(
        **NEGATIVE_SIZES, cropTopLeft={"left": 40, "top": 70}, steps=4, strength=0.5
    ),
}

XL_UNET = unet(
    addition_embed_type="text_time",
    addition_embed_type_num_heads=64,
    addition_time_embed_dim=TIME,
    attention_head_dim=[2, 4],
    cross_attention_dim=72,
    down_block_types=["DownBlock2D", "CrossAttnDownBlock2D"],
    projection_class_embeddings_input_dim=POOLED + 6 * TIME,
    transformer_layers_per_block=[1, 2],
    up_block_types=["CrossAttnUpBlock2D", "UpBlock2D"],
    use_linear_projection=True,
)

XL_CASES = {
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
            projection_dim=POOLED,
        ),
        "unet": XL_UNET,
        "vae": vae(force_upcast=True, scaling_factor=0.13025, sample_size=1024),
        "dtype": "F16",
        "scheduler": XL_SCHEDULER,
        "index": {"force_zeros_for_empty_prompt": True},
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
        "runs": XL_RUNS,
    },
}

# Latents, mask and the masked image's latents are the UNet's nine channels.
XL_CASES["sdxl-inpaint"] = {
    **{part: XL_CASES["sdxl"][part] for part in ("text_encoder", "text_encoder_2", "vae", "scheduler")},
    **{part: XL_CASES["sdxl"][part] for part in ("tokenizer", "tokenizer_2", "dtype", "index")},
    "pipeline": "StableDiffusionXLInpaintPipeline",
    "unet": XL_UNET | {"in_channels": 9},
    "runs": {
        "default": inpaint(steps=3),
        "partly": inpaint(steps=4, strength=0.6),
        "start-end": inpaint(steps=6, denoisingStart=0.4, denoisingEnd=0.9),
    },
}
