"""A small refiner of Stable Diffusion XL: runs alone, and after the small base model (cases/xl.py)."""

from cases.runs import image_run
from cases.small_configs import text_encoder, unet, vae
from cases.xl import POOLED, TIME, XL_SCHEDULER, xl

WIDTH = 40  # of the only text encoder, which is the second one of the base
IMG2IMG = "StableDiffusionXLImg2ImgPipeline"
INPAINT = "StableDiffusionXLInpaintPipeline"

ANCESTRAL = {"scheduler": "EulerAncestralDiscreteScheduler"}
# Timesteps come in pairs.
HEUN = {"scheduler": "HeunDiscreteScheduler"}


def img2img(**changes) -> dict:
    return image_run(IMG2IMG, **({"guidanceScale": 5.0, "strength": 0.3, "steps": 10} | changes))


def after_base(**changes) -> dict:
    """The base model up to `denoisingEnd`, and from there the refiner ("ensemble of experts")."""
    settings = {"base": {"case": "sdxl", "pipeline": "StableDiffusionXLPipeline"}, "denoisingEnd": 0.8}
    return xl(**(settings | {"steps": 10} | changes))


def after_image(**changes) -> dict:
    base = {"case": "sdxl", "pipeline": IMG2IMG}
    return after_base(**({"base": base, "initImage": "sketch.png", "strength": 0.6} | changes))


def after_mask(**changes) -> dict:
    """Both keep what the mask does not show, as in diffusers' guide ("inpainting" with the ensemble)."""
    base = {"case": "sdxl", "pipeline": INPAINT}
    return after_image(**({"base": base, "pipeline": INPAINT, "mask": "mask.png"} | changes))


def after_margins(**changes) -> dict:
    margins = {"left": 16, "top": 0, "right": 8, "bottom": 8}
    settings = after_mask(**({"outpaint": margins, "width": 88, "height": 72} | changes))
    return {name: value for name, value in settings.items() if name != "mask"}


def after_hires(upscaler: str, **changes) -> dict:
    """The refiner ends the second pass, as AUTOMATIC1111's does by default."""
    hires = {"scale": 1.5, "strength": 0.6, "steps": 10, "upscaler": upscaler}
    return after_base(**({"width": 48, "height": 48, "steps": 2, "hires": hires} | changes))


REFINER_RUNS = {
    "default": img2img(stages=True),
    "scores": img2img(
        aestheticScore=7.5,
        negativeAestheticScore=1.25,
        originalSize={"width": 512, "height": 300},
        cropTopLeft={"left": 40, "top": 70},
        steps=4,
        strength=0.5,
    ),
    "no-guidance": img2img(guidanceScale=1.0, steps=4, strength=0.5),
    "no-negative": img2img(negativePrompt="", steps=4, strength=0.5),
    "start": img2img(denoisingStart=0.6, steps=8),
    "start-end": img2img(denoisingStart=0.3, denoisingEnd=0.7, steps=8),
    "end": img2img(denoisingEnd=0.8, steps=8, strength=0.9),
    "start-heun": img2img(denoisingStart=0.7, steps=8, **HEUN),
    "inpaint": image_run(INPAINT, guidanceScale=5.0, mask="mask.png", aestheticScore=7.5),
    "refined": after_base(),
    "refined-later": after_base(denoisingEnd=0.55, steps=5, guidanceRescale=0.5),
    "refined-two-images": after_base(numImages=2, steps=5, **ANCESTRAL),
    "refined-heun": after_base(steps=6, denoisingEnd=0.6, **HEUN),
    "refined-kdpm2": after_base(steps=6, denoisingEnd=0.6, scheduler="KDPM2DiscreteScheduler"),
    "refined-dpm-karras": after_base(
        steps=8,
        denoisingEnd=0.5,
        scheduler="DPMSolverMultistepScheduler",
        schedulerConfig={"use_karras_sigmas": True},
    ),
    "refined-no-guidance": after_base(guidanceScale=1.0, steps=5),
    "refined-odd-size": after_base(width=72, height=40, steps=5, aestheticScore=9.0),
    "refined-clip-skip": after_base(clipSkip=1, steps=5),
    "refined-image": after_image(),
    "refined-image-start": after_image(denoisingStart=0.3, denoisingEnd=0.7),
    "refined-mask": after_mask(),
    "refined-mask-start": after_mask(denoisingStart=0.3, denoisingEnd=0.7, numImages=2),
    "refined-mask-all": after_mask(strength=1.0, steps=5, guidanceScale=1.0),
    "refined-margins": after_margins(steps=5, strength=0.9999),
    "refined-hires": after_hires("latent", numImages=2, denoisingEnd=0.7),
    "refined-hires-lanczos": after_hires("lanczos", **ANCESTRAL),
    "negative-sizes": img2img(
        negativeOriginalSize={"width": 300, "height": 128},
        negativeCropTopLeft={"left": 200, "top": 500},
        steps=4,
        strength=0.5,
    ),
}

REFINER_CASES = {
    # Pooled text, sizes and an aesthetic score are further inputs; it has one text encoder.
    "sdxl-refiner": {
        "pipeline": IMG2IMG,
        "tokenizer_2": "sdxl2",
        "text_encoder_2": text_encoder(
            architectures=["CLIPTextModelWithProjection"],
            hidden_act="gelu",
            hidden_size=WIDTH,
            intermediate_size=80,
            num_hidden_layers=3,
            projection_dim=POOLED,
        ),
        "unet": unet(
            addition_embed_type="text_time",
            addition_embed_type_num_heads=64,
            addition_time_embed_dim=TIME,
            attention_head_dim=[2, 4],
            cross_attention_dim=WIDTH,
            down_block_types=["DownBlock2D", "CrossAttnDownBlock2D"],
            projection_class_embeddings_input_dim=POOLED + 5 * TIME,
            transformer_layers_per_block=2,
            up_block_types=["CrossAttnUpBlock2D", "UpBlock2D"],
            use_linear_projection=True,
        ),
        "vae": vae(force_upcast=True, scaling_factor=0.13025, sample_size=1024),
        "dtype": "F16",
        "scheduler": XL_SCHEDULER,
        "index": {
            "force_zeros_for_empty_prompt": False,
            "requires_aesthetics_score": True,
            "text_encoder": [None, None],
            "tokenizer": [None, None],
        },
        "runs": REFINER_RUNS,
    },
}
