"""A run of two models, as diffusers documents it: a base up to a share of the steps, then a refiner."""

import pathlib
import tempfile

import diffusers
import torch

from shared.pipeline_stages import Stages, call, request_keywords, start_image


def draw_refined(pipe, base, settings: dict, seeds: list[int]) -> tuple[dict[str, torch.Tensor], list]:
    """`pipe` is the refiner, which decodes by the autoencoder of `base`. Both draw from the seeds."""
    end = settings["denoisingEnd"]
    shared = request_keywords(base, settings)
    keywords = shared | {"denoising_end": end, "output_type": "latent"}
    if "initImage" in settings:
        keywords |= {"image": start_image(base, settings), "strength": settings["strength"]}
        if "denoisingStart" in settings:
            keywords["denoising_start"] = settings["denoisingStart"]
    else:
        keywords |= {"width": settings["width"], "height": settings["height"]}
    before = Stages(base)
    latents = call(base, settings, seeds, before, keywords)
    found = before.values(False)
    pipe.register_modules(vae=base.vae)
    after = Stages(pipe)
    keywords = request_keywords(pipe, settings) | {"image": latents, "denoising_start": end}
    pictures = call(pipe, settings, seeds, after, keywords)
    assert torch.equal(after.steps[0], latents)
    done = sum(key.startswith("latents.step.") for key in found)
    later = {f"latents.step.{done + i}": step for i, step in enumerate(after.steps[1:])}
    assert pictures[0].size == (settings["width"], settings["height"]), pictures[0].size
    return found | later, pictures


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
