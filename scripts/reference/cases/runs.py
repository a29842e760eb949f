"""Settings of one call of a pipeline, with the field names of a generation request."""

from cases.small_configs import NEGATIVE, PROMPT


def run(**changes) -> dict:
    """One call of the pipeline; the defaults are small."""
    settings = {
        "prompt": PROMPT,
        "negativePrompt": NEGATIVE,
        "seed": 42,
        "steps": 4,
        "guidanceScale": 7.5,
        "guidanceRescale": 0.0,
        "width": 64,
        "height": 64,
        "numImages": 1,
    }
    return settings | changes


def image_run(pipeline: str, **changes) -> dict:
    """Image to image from the sketch, most of its way."""
    settings = {"pipeline": pipeline, "initImage": "sketch.png", "strength": 0.75, "stages": False}
    return run(**(settings | changes))


def enlarging_run(**changes) -> dict:
    """One call of a pipeline whose model makes the sketch larger. The size is that of the result."""
    settings = {"initImage": "sketch.png", "guidanceScale": 9.0, "isUpscaled": True, "stages": False}
    return run(**(settings | changes))
