"""A run of two models, as diffusers documents it: a base up to a share of the steps, then a refiner."""

import pathlib
import tempfile

import diffusers
import torch

from shared.pipeline_stages import (
    Stages,
    call,
    draw_again,
    is_inpainting,
    joined,
    mask_image,
    request_keywords,
    start_image,
)


def draw_refined(pipe, base, settings: dict, seeds: list[int]) -> tuple[dict[str, torch.Tensor], list]:
    """`pipe` is the refiner, which decodes by the autoencoder of `base`. Both draw from the seeds."""
    hires = settings.get("hires")
    end = {"denoising_end": settings["denoisingEnd"], "output_type": "latent"}
    shared = request_keywords(base, settings)
    first = {"output_type": "pil" if hires["upscaler"] == "lanczos" else "latent"} if hires else end
    keywords = shared | first
    if "initImage" in settings:
        keywords |= {"image": start_image(base, settings), "strength": settings["strength"]}
        if "denoisingStart" in settings:
            keywords["denoising_start"] = settings["denoisingStart"]
    mask = {"mask_image": mask_image(settings)} if is_inpainting(settings) else {}
    size = {side: settings[side] for side in ("width", "height")}
    if "initImage" not in settings or mask:
        keywords |= size
    stages = Stages(base)
    latents = call(base, settings, seeds, stages, keywords | mask)
    found = stages.values(False)
    if hires:
        size = {side: round(length * hires["scale"]) for side, length in size.items()}
        found, latents = draw_again(base, settings, seeds, tuple(size.values()), found, latents, **end)
        settings = settings | {"steps": hires.get("steps", settings["steps"])}
    pipe.register_modules(vae=base.vae)
    after = Stages(pipe)
    keywords = request_keywords(pipe, settings)
    keywords |= {"image": latents, "denoising_start": settings["denoisingEnd"]}
    pictures = call(pipe, settings, seeds, after, keywords | mask | (size if mask else {}))
    assert torch.equal(after.steps[0], latents)
    assert pictures[0].size == tuple(size.values()), pictures[0].size
    return joined(found, after), pictures


def open_base(settings: dict, open_model):
    """The base model of a run, with the run's scheduler. `open_model` reads the model of a case."""
    with tempfile.TemporaryDirectory() as temporary:
        kind = getattr(diffusers, settings["base"]["pipeline"])
        base = open_model(pathlib.Path(temporary), settings["base"]["case"], kind)
    base.set_progress_bar_config(disable=True)
    if "scheduler" in settings:
        kind = getattr(diffusers, settings["scheduler"])
        base.scheduler = kind.from_config(base.scheduler.config, **settings.get("schedulerConfig", {}))
    return base
