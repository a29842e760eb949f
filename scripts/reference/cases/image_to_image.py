"""Runs that start from an image: image to image and inpainting, with the models of cases/pipelines.py."""

from cases.runs import image_run, run
from cases.small_configs import scheduler, text_encoder, unet, vae

IMG2IMG = "StableDiffusionImg2ImgPipeline"
INPAINT = "StableDiffusionInpaintPipeline"


def img2img(**changes) -> dict:
    return image_run(IMG2IMG, **changes)


def inpaint(**changes) -> dict:
    return image_run(INPAINT, **({"mask": "mask.png", "strength": 1.0} | changes))


def outpaint(**changes) -> dict:
    margins = {"left": 16, "top": 0, "right": 8, "bottom": 8}
    return image_run(INPAINT, **({"outpaint": margins, "strength": 1.0, "width": 88, "height": 72} | changes))


SD1_IMAGE_RUNS = {
    "img2img": img2img(stages=True),
    "img2img-two-images": img2img(numImages=2, seed=7, scheduler="EulerAncestralDiscreteScheduler"),
    # Sizes are rounded down to whole latent cells, and the image resized to them.
    "img2img-own-size": img2img(initImage="sketch-70x53.png", width=64, height=48),
    "img2img-shrunk": img2img(initImage="sketch-150x110.png", width=64, height=48, resize=True),
    "img2img-enlarged": img2img(initImage="sketch-24x40.png", width=48, height=64, resize=True),
    "img2img-transparent": img2img(initImage="sketch-alpha.png"),
    # 56 × 64 pixels that are to be looked at from the side.
    "img2img-turned": img2img(initImage="sketch-turned.jpg", width=64, height=56),
    "img2img-full": img2img(strength=1.0, scheduler="DDIMScheduler"),
    "img2img-one-step": img2img(strength=0.25, scheduler="EulerDiscreteScheduler"),
    "img2img-no-guidance": img2img(guidanceScale=1.0, strength=0.5),
    "img2img-ddim": img2img(steps=5, strength=0.5, scheduler="DDIMScheduler"),
    "img2img-euler": img2img(steps=5, strength=0.65, scheduler="EulerDiscreteScheduler"),
    "img2img-euler-ancestral": img2img(scheduler="EulerAncestralDiscreteScheduler"),
    "img2img-heun": img2img(scheduler="HeunDiscreteScheduler"),
    "img2img-dpm-multistep": img2img(steps=5, scheduler="DPMSolverMultistepScheduler"),
    "img2img-unipc": img2img(steps=5, scheduler="UniPCMultistepScheduler"),
    "img2img-lcm": img2img(scheduler="LCMScheduler"),
    "inpaint": inpaint(stages=True),
    "inpaint-partly": inpaint(strength=0.6, steps=5, scheduler="DDIMScheduler"),
    "inpaint-two-images": inpaint(strength=0.75, numImages=2, scheduler="EulerAncestralDiscreteScheduler"),
    "inpaint-no-guidance": inpaint(guidanceScale=1.0, steps=3, scheduler="EulerDiscreteScheduler"),
    "inpaint-resized": inpaint(
        initImage="sketch-150x110.png", mask="mask-96x96.png", width=64, height=48, strength=0.75
    ),
    "outpaint": outpaint(strength=0.75),
}

# Larger than the 64 pixels that the small autoencoder says it was trained on.
SD1_LARGE_RUNS = {
    "tiled": run(width=96, height=80, steps=2, vaeTiling=True, stages=False),
    "img2img-tiled": img2img(
        initImage="sketch-150x110.png", width=120, height=72, resize=True, vaeTiling=True, steps=2
    ),
    "hires-latent": run(
        steps=2,
        hires={"scale": 1.5, "strength": 0.6, "steps": 4, "upscaler": "latent"},
        stages=False,
    ),
    "hires-lanczos": run(
        steps=2,
        # With this seed, no value of the first image is so near to a half that its rounding may differ.
        seed=3,
        hires={"scale": 2, "strength": 0.5, "upscaler": "lanczos"},
        scheduler="EulerAncestralDiscreteScheduler",
        stages=False,
        width=48,
        height=40,
    ),
}

SD1_SOLVER_IMAGE_RUNS = {
    "img2img-dpm-singlestep": img2img(steps=5, scheduler="DPMSolverSinglestepScheduler"),
    "img2img-dpm-sde": img2img(
        scheduler="DPMSolverSDEScheduler", schedulerConfig={"use_karras_sigmas": True}
    ),
    "img2img-deis": img2img(steps=5, scheduler="DEISMultistepScheduler"),
    "img2img-tcd": img2img(scheduler="TCDScheduler"),
    "inpaint-sa-solver": inpaint(
        strength=0.75, scheduler="SASolverScheduler", schedulerConfig={"use_karras_sigmas": True}
    ),
    "img2img-ddim-eta": img2img(scheduler="DDIMScheduler", eta=0.5),
}

SD2_IMAGE_RUNS = {
    "img2img": img2img(),
    "img2img-euler": img2img(scheduler="EulerDiscreteScheduler"),
    "inpaint": inpaint(strength=0.75),
}

# Half of two steps is one.
TURBO_IMAGE_RUNS = {
    "img2img": img2img(steps=2, strength=0.5, guidanceScale=0.0, negativePrompt=""),
    "inpaint": inpaint(steps=2, strength=0.5, guidanceScale=0.0, negativePrompt=""),
}

# The tiny encoder's latents are no distribution: nothing is drawn from the generator for them.
TAESD_IMAGE_RUNS = {"img2img": img2img(), "inpaint": inpaint(strength=0.75)}

LCM_IMAGE_RUNS = {
    "img2img": image_run(
        "LatentConsistencyModelImg2ImgPipeline", guidanceScale=8.5, negativePrompt="", strength=0.5
    )
}

IMAGE_CASES = {
    # Stable Diffusion inpainting: the nine channels are latents, mask and latents of the masked image.
    "sd-inpaint": {
        "pipeline": INPAINT,
        "tokenizer": "sd1",
        "text_encoder": text_encoder(),
        "unet": unet(in_channels=9),
        "vae": vae(),
        "scheduler": scheduler("DDIMScheduler", clip_sample=False, set_alpha_to_one=False, steps_offset=1),
        "runs": {
            "default": inpaint(stages=True),
            "partly": inpaint(strength=0.6, steps=5),
            "two-images": inpaint(strength=0.75, numImages=2, scheduler="EulerAncestralDiscreteScheduler"),
            "no-guidance": inpaint(guidanceScale=1.0, steps=3, scheduler="EulerDiscreteScheduler"),
            "outpaint": outpaint(steps=2),
        },
    }
}
