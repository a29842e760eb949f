"""The small model that makes an image twice as large in its latents (sd-x2-latent-upscaler), and its runs."""

from cases.runs import enlarging_run
from cases.small_configs import k_unet, scheduler, text_encoder, vae

EULER = "EulerDiscreteScheduler"


def enlarge(**changes) -> dict:
    """The smallest image, which is not resized, twice as large."""
    settings = {"initImage": "sketch-32x48.png", "width": 64, "height": 96, "steps": 2}
    return enlarging_run(**(settings | changes))


LATENT_UPSCALE_CASES = {
    "sd-x2-latent": {
        "pipeline": "StableDiffusionLatentUpscalePipeline",
        "tokenizer": "sd1",
        "text_encoder": text_encoder(),
        "unet": k_unet(),
        "vae": vae(),
        "scheduler": scheduler(EULER, prediction_type="original_sample"),
        "runs": {
            "default": enlarge(steps=4, stages=True),
            # The prompt is not read.
            "scale-0": enlarge(guidanceScale=0.0),
            "scale-1": enlarge(guidanceScale=1.0),
            "no-negative": enlarge(negativePrompt=""),
            "two-images": enlarge(numImages=2, seed=7),
            # Sides that are no multiples of a cell's are made smaller.
            "rounded": enlarge(initImage="sketch-70x53.png", width=128, height=96),
            # The size of the result is asked for.
            "own-size": enlarge(initImage="sketch-70x53.png", width=96, height=64, resize=True),
            "tiled": enlarge(vaeTiling=True),
            "karras": enlarge(scheduler=EULER, schedulerConfig={"use_karras_sigmas": True}),
        },
    },
}
