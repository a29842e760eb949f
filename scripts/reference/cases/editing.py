"""The small models that edit an image by words (InstructPix2Pix), and their runs."""

from cases.runs import image_run
from cases.small_configs import scheduler, text_encoder, unet, vae
from cases.xl import COS, XL_CASES, XL_UNET

PIPELINE = "StableDiffusionInstructPix2PixPipeline"
XL_PIPELINE = "StableDiffusionXLInstructPix2PixPipeline"


def edit(pipeline: str = PIPELINE, **changes) -> dict:
    """An edit of the sketch. There is no strength."""
    settings = image_run(pipeline, imageGuidanceScale=1.5) | changes
    return {key: value for key, value in settings.items() if key != "strength"}


def xl_edit(**changes) -> dict:
    return edit(XL_PIPELINE, **({"guidanceScale": 5.0, "steps": 3} | changes))


def by(name: str, **config) -> dict:
    return edit(scheduler=name, schedulerConfig=config)


EDIT_RUNS = {
    "default": edit(stages=True),
    "no-guidance": edit(guidanceScale=1.0, steps=3),
    # Less than 1 turns all guidance off.
    "no-image-guidance": edit(imageGuidanceScale=0.9, steps=2),
    "image-guidance-1": edit(imageGuidanceScale=1.0, steps=2, negativePrompt=""),
    "two-images": edit(numImages=2, seed=7, steps=3, imageGuidanceScale=2.5),
    "own-size": edit(initImage="sketch-70x53.png", width=64, height=48, steps=2),
    "tiled": edit(initImage="sketch-150x110.png", width=120, height=72, resize=True, vaeTiling=True, steps=2),
    "ddim-eta": by("DDIMScheduler") | {"eta": 0.5},
    "pndm": by("PNDMScheduler"),
    "euler": by("EulerDiscreteScheduler"),
    "heun": by("HeunDiscreteScheduler"),
    "dpm-multistep-karras": by("DPMSolverMultistepScheduler", use_karras_sigmas=True),
    "unipc": by("UniPCMultistepScheduler"),
    "lcm": by("LCMScheduler"),
}

XL_EDIT_RUNS = {
    "default": xl_edit(stages=True),
    "no-negative": xl_edit(negativePrompt="", steps=2),
    "no-guidance": xl_edit(guidanceScale=1.0, steps=2),
    "rescaled": xl_edit(guidanceRescale=0.7, steps=2),
    # CosXL Edit, whose edited image is scaled.
    "cosxl": xl_edit(
        changes=COS | {"model_index.json": {"is_cosxl_edit": True} | COS["model_index.json"]},
    ),
}

EDIT_CASES = {
    # The eight channels are latents and those of the image that is edited.
    "sd-edit": {
        "pipeline": PIPELINE,
        "tokenizer": "sd1",
        "text_encoder": text_encoder(),
        "unet": unet(in_channels=8),
        "vae": vae(),
        "scheduler": scheduler(
            "EulerAncestralDiscreteScheduler",
            clip_sample=False,
            prediction_type="epsilon",
            set_alpha_to_one=False,
            skip_prk_steps=True,
            steps_offset=1,
        ),
        "runs": EDIT_RUNS,
    },
    "sdxl-edit": {
        **{part: XL_CASES["sdxl"][part] for part in ("text_encoder", "text_encoder_2", "vae", "scheduler")},
        **{part: XL_CASES["sdxl"][part] for part in ("tokenizer", "tokenizer_2", "dtype", "index")},
        "pipeline": XL_PIPELINE,
        "unet": XL_UNET | {"in_channels": 8},
        "runs": XL_EDIT_RUNS,
    },
}
