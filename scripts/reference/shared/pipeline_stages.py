"""One run of a case: a call of diffusers' pipeline, with the inputs and outputs of its stages."""

import inspect
import pathlib

import diffusers
import numpy
import torch
from PIL import Image, ImageOps

from shared.fixture_arrays import Arrays
from shared.seamless import seamless
from shared.variation_noise import mixed_noise

PICTURES = pathlib.Path(__file__).parents[3] / "test" / "fixtures" / "pictures"

SECOND_PASS = {
    "StableDiffusionPipeline": diffusers.StableDiffusionImg2ImgPipeline,
    "StableDiffusionXLPipeline": diffusers.StableDiffusionXLImg2ImgPipeline,
}

LATENT_UPSCALE = "StableDiffusionLatentUpscalePipeline"

# What SDXL is told of the image.
SIZES = {
    "originalSize": "original_size",
    "targetSize": "target_size",
    "cropTopLeft": "crops_coords_top_left",
    "negativeOriginalSize": "negative_original_size",
    "negativeTargetSize": "negative_target_size",
    "negativeCropTopLeft": "negative_crops_coords_top_left",
}

# What SDXL's second text encoder reads.
SECOND_PROMPTS = {"prompt2": "prompt_2", "negativePrompt2": "negative_prompt_2"}

# What is asked of where the denoising begins and ends, and of what a refiner is told.
REFINING = {
    "denoisingStart": "denoising_start",
    "denoisingEnd": "denoising_end",
    "aestheticScore": "aesthetic_score",
    "negativeAestheticScore": "negative_aesthetic_score",
}

# Arguments that some pipelines lack; there, a run has to leave them at these values.
OPTIONAL = {"negative_prompt": None, "guidance_rescale": 0.0}


def draw(pipe, name: str, settings: dict, arrays: Arrays, folder: pathlib.Path, draw_call=None) -> None:
    """Draws the images of a run, each with its own seed, and saves them and the arrays to compare.

    `draw_call` draws the images of some seeds. Default: one call of the pipeline does.
    """
    draw_call = draw_call or draw_once
    # Variations of a seed share it.
    step = 0 if "variationSeed" in settings else 1
    seeds = [settings["seed"] + step * index for index in range(settings["numImages"])]
    # Inpainting samples the image's latents from the first generator alone, as upscaling does the noise of
    # the small image; so that every image depends on its own seed only, each of them is a call of its own.
    calls = [[seed] for seed in seeds] if is_inpainting(settings) or upscaling_of(pipe) else [seeds]
    values: dict[str, list[torch.Tensor]] = {}
    pictures = []
    for seeds_of_call in calls:
        with seamless(pipe, settings.get("seamless")):
            found, drawn = draw_call(pipe, settings, seeds_of_call)
        pictures += drawn
        for key, value in found.items():
            values.setdefault(key, []).append(value)
    for key, parts in values.items():
        joined = torch.cat(parts) if key.startswith(("latents", "image", "masked")) else parts[0]
        arrays.add(f"{name}/{key}", joined)
    for index, picture in enumerate(pictures):
        picture.save(folder / f"{name}-{index}.png", optimize=True)


def draw_once(pipe, settings: dict, seeds: list[int]) -> tuple[dict[str, torch.Tensor], list]:
    stages = Stages(pipe, settings.get("guidanceInterval"))
    keywords = request_keywords(pipe, settings)
    for field in ("denoisingStart", "denoisingEnd"):
        if field in settings:
            keywords[REFINING[field]] = settings[field]
    if "timesteps" in settings:
        keywords["timesteps"] = settings["timesteps"]
    if "initImage" in settings:
        keywords["image"] = start_image(pipe, settings)
    if "strength" in settings:
        keywords["strength"] = settings["strength"]
    if "imageGuidanceScale" in settings:
        keywords["image_guidance_scale"] = settings["imageGuidanceScale"]
    if "noiseLevel" in settings:
        keywords["noise_level"] = settings["noiseLevel"]
    if is_inpainting(settings):
        keywords["mask_image"] = mask_image(settings)
    taken = inspect.signature(pipe.__call__).parameters
    # Of pipelines that edit, only SDXL's asks for a size.
    edits_to_size = "imageGuidanceScale" in settings and "width" in taken
    if "initImage" not in settings or is_inpainting(settings) or edits_to_size:
        keywords |= {"width": settings["width"], "height": settings["height"]}
    for key, neutral in OPTIONAL.items():
        if key not in taken:
            assert keywords.pop(key) == neutral, key
    if settings.get("vaeTiling"):
        pipe.vae.enable_tiling()
    if "freeu" in settings:
        pipe.enable_freeu(**settings["freeu"])
    hires = settings.get("hires")
    keywords["output_type"] = "latent" if hires and hires["upscaler"] == "latent" else "pil"
    pictures = call(pipe, settings, seeds, stages, keywords)
    found = stages.values(settings.get("stages", True))
    width, height = settings["width"], settings["height"]
    if hires:
        width, height = (round(side * hires["scale"]) for side in (width, height))
        found, pictures = draw_again(pipe, settings, seeds, (width, height), found, pictures)
    pipe.vae.disable_tiling()
    if "freeu" in settings:
        # The parts are shared with the runs that follow.
        pipe.disable_freeu()
    assert pictures[0].size == (width, height), pictures[0].size
    return found, pictures


def prompt_keywords(settings: dict) -> dict:
    """All prompts but the first. With only `negative_prompt_2`, the first encoder reads an empty text."""
    neutral = "" if "negativePrompt2" in settings else None
    given = {keyword: settings[field] for field, keyword in SECOND_PROMPTS.items() if field in settings}
    return {"negative_prompt": settings["negativePrompt"] or neutral} | given


def request_keywords(pipe, settings: dict) -> dict:
    """What is asked of any model, by the arguments' names."""
    keywords = {"guidance_rescale": settings["guidanceRescale"]} | prompt_keywords(settings)
    if "eta" in settings:
        keywords["eta"] = settings["eta"]
    for field, keyword in SIZES.items():
        if field in settings:
            keywords[keyword] = rows_first(settings[field])
    if "clipSkip" in settings:
        keywords["clip_skip"] = settings["clipSkip"]
        if pipe.text_encoder is not None:
            name_text_model(pipe.text_encoder)
    if getattr(pipe.config, "requires_aesthetics_score", False):
        for field in ("aestheticScore", "negativeAestheticScore"):
            if field in settings:
                keywords[REFINING[field]] = settings[field]
    return keywords


def rows_first(place: dict) -> tuple[int, int]:
    """A size or a corner in diffusers' order: height and width, or top and left."""
    return (place["height"], place["width"]) if "width" in place else (place["top"], place["left"])


def name_text_model(encoder) -> None:
    """transformers 5 has no `text_model` in CLIPTextModel, where diffusers looks for the final layer norm."""
    if not hasattr(encoder, "text_model"):
        # Not as a module of its own, which would have itself as a part.
        object.__setattr__(encoder, "text_model", encoder)


def call(pipe, settings: dict, seeds: list[int], stages: "Stages", keywords: dict):
    # A scheduler with noise of its own gets each image's seed, where it would take random ones.
    if hasattr(pipe.scheduler, "noise_sampler_seed"):
        pipe.scheduler.noise_sampler_seed = seeds
    generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
    if "variationSeed" in settings:
        keywords = keywords | {"latents": variation_latents(pipe, settings, generators)}
    taken = inspect.signature(pipe.__call__).parameters
    if "num_images_per_prompt" in taken:
        keywords = keywords | {"num_images_per_prompt": len(seeds)}
    else:
        assert len(seeds) == 1
    if "callback_on_step_end" in taken:
        watching = {
            "callback_on_step_end": stages.after_step,
            "callback_on_step_end_tensor_inputs": ["latents", "prompt_embeds"],
        }
    else:
        watching = {"callback": stages.after_old_step, "callback_steps": 1}
    pictures = pipe(
        settings["prompt"],
        num_inference_steps=settings["steps"],
        guidance_scale=settings["guidanceScale"],
        generator=generators,
        **watching,
        **keywords,
    ).images
    stages.close()
    return pictures


def variation_latents(pipe, settings: dict, generators: list[torch.Generator]) -> torch.Tensor:
    """The noise of each image, of which its generator gives the first part as without a variation."""
    factor = pipe.vae_scale_factor
    cells = [settings[side] // factor for side in ("height", "width")]
    shape = (pipe.unet.config.in_channels, *cells)
    noises = []
    for index, generator in enumerate(generators):
        other = torch.Generator("cpu").manual_seed(settings["variationSeed"] + index)
        pair = [torch.randn(shape, generator=source) for source in (generator, other)]
        noises.append(mixed_noise(*pair, settings["variationStrength"]))
    return torch.stack(noises)


def draw_again(pipe, settings: dict, seeds: list[int], size: tuple, found: dict, first, **more):
    """The second pass over a first one's result, made larger: image to image with the same seeds.

    `more` are further arguments of its pipeline.
    """
    hires = settings["hires"]
    if hires["upscaler"] == "latent":
        factor = pipe.vae_scale_factor
        cells = (size[1] // factor, size[0] // factor)
        image = torch.nn.functional.interpolate(first, cells, mode="bilinear", align_corners=False)
    else:
        image = pipe.image_processor.resize(first[0], size[1], size[0])
    again = SECOND_PASS[type(pipe).__name__].from_pipe(pipe)
    again.scheduler = type(pipe.scheduler).from_config(pipe.scheduler.config)
    again.set_progress_bar_config(disable=True)
    stages = Stages(again)
    settings = settings | {"steps": hires.get("steps", settings["steps"])}
    keywords = {"image": image, "strength": hires["strength"]} | prompt_keywords(settings) | more
    pictures = call(again, settings, seeds, stages, keywords)
    return joined(found, stages), pictures


def joined(found: dict[str, torch.Tensor], later) -> dict[str, torch.Tensor]:
    """The arrays of a pass, and the latents after each step of the one that went on from it."""
    done = sum(key.startswith("latents.step.") for key in found)
    return found | {f"latents.step.{done + i}": step for i, step in enumerate(later.steps[1:])}


def start_image(pipe, settings: dict) -> Image.Image:
    """The input image of a run: rotated by its EXIF, on white, in the size of the run."""
    image = ImageOps.exif_transpose(Image.open(PICTURES / settings["initImage"]))
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    image = image.convert("RGB")
    if "outpaint" in settings:
        return grown(image, settings["outpaint"], mode="edge")
    if settings.get("resize"):
        factor = upscaling_of(pipe) or 1
        image = pipe.image_processor.resize(image, settings["height"] // factor, settings["width"] // factor)
    return image


def upscaling_of(pipe) -> int | None:
    """How many times as large a pipeline makes its image; None for others."""
    factors = {"StableDiffusionUpscalePipeline": 4, LATENT_UPSCALE: 2}
    return factors.get(type(pipe).__name__)


def is_inpainting(settings: dict) -> bool:
    return "mask" in settings or "outpaint" in settings


def mask_image(settings: dict) -> Image.Image:
    if "mask" in settings:
        return Image.open(PICTURES / settings["mask"])
    kept = Image.new("L", Image.open(PICTURES / settings["initImage"]).size, 0)
    return grown(kept, settings["outpaint"], mode="constant", constant_values=255)


def grown(image: Image.Image, margins: dict, **padding) -> Image.Image:
    """The image with margins added."""
    rows, columns = (margins["top"], margins["bottom"]), (margins["left"], margins["right"])
    pixels = numpy.asarray(image)
    sides = (rows, columns, (0, 0))[: pixels.ndim]
    return Image.fromarray(numpy.pad(pixels, sides, **padding))


class Stages:
    """Watches one call of a pipeline."""

    def __init__(self, pipe, guidance_interval: dict | None = None) -> None:
        self.pipe = pipe
        self.guidance_interval = guidance_interval
        self.unet_call: dict = {}
        self.texts: list[tuple] = []
        self.steps: list[torch.Tensor] = []
        self.extra: dict[str, torch.Tensor] = {}
        self.hooks = [
            pipe.unet.register_forward_pre_hook(self.before_unet, with_kwargs=True),
            pipe.unet.register_forward_hook(self.after_unet),
        ]
        # A refiner has the second one only.
        if pipe.text_encoder is not None:
            self.hooks.append(pipe.text_encoder.register_forward_hook(self.after_text))
        self.watched: list[tuple] = []
        self.watch(pipe, "prepare_latents", self.after_prepare)
        self.watch(pipe, "prepare_mask_latents", self.after_mask)
        self.watch(pipe.scheduler, "add_noise", self.after_noise)
        self.is_xl = hasattr(pipe, "text_encoder_2")
        self.takes_last_layer = type(pipe).__name__ == LATENT_UPSCALE

    def watch(self, owner, method: str, then) -> None:
        original = getattr(owner, method, None)
        if original is None:
            return

        def watched(*inputs, **keywords):
            result = original(*inputs, **keywords)
            then(inputs, result)
            return result

        setattr(owner, method, watched)
        self.watched.append((owner, method))

    def close(self) -> None:
        for hook in self.hooks:
            hook.remove()
        for owner, method in self.watched:
            delattr(owner, method)

    def before_unet(self, _module, inputs, keywords) -> None:
        if not self.unet_call:
            self.unet_call.update(sample=inputs[0], timestep=inputs[1].reshape(1).float())
            self.unet_call.update(keywords)

    def after_unet(self, _module, _inputs, outputs) -> None:
        self.unet_call.setdefault("out", outputs[0])

    def after_text(self, _module, inputs, outputs) -> None:
        # Without the final layer norm.
        self.texts.append((inputs[0], outputs.hidden_states[-1] if self.takes_last_layer else outputs[0]))

    def after_prepare(self, _inputs, result) -> None:
        latents, *others = result if isinstance(result, tuple) else (result,)
        self.steps.append(latents)
        # Inpainting with a plain UNet blends the image's own latents in.
        if len(others) == 2:
            self.extra["image.latents"] = others[1]

    def after_mask(self, _inputs, result) -> None:
        mask, masked = result[:2]
        self.extra["mask"] = mask[:1]
        if self.pipe.unet.config.in_channels == 9:
            self.extra["masked.latents"] = masked[:1]

    def after_noise(self, inputs, _result) -> None:
        self.extra.setdefault("image.latents", inputs[0])

    def after_step(self, pipe, index, _timestep, values) -> dict:
        self.steps.append(values["latents"])
        interval = self.guidance_interval
        if not interval or index + 1 != int(interval["end"] * pipe.num_timesteps):
            return {}
        # The later steps are without guidance ("Dynamic classifier-free guidance" in diffusers' manual).
        assert interval["start"] == 0
        pipe._guidance_scale = 0.0
        return {"prompt_embeds": values["prompt_embeds"].chunk(2)[-1]}

    def after_old_step(self, _index, _timestep, latents) -> None:
        """For pipelines whose callback changes nothing."""
        self.steps.append(latents)

    def values(self, all_stages: bool) -> dict[str, torch.Tensor]:
        found = {"timesteps": self.pipe.scheduler.timesteps.double()}
        if all_stages and self.is_xl:
            added = self.unet_call["added_cond_kwargs"]
            found["unet.encoder_hidden_states"] = self.unet_call["encoder_hidden_states"]
            found["unet.text_embeds"] = added["text_embeds"]
            found["unet.time_ids"] = added["time_ids"]
        elif all_stages and "image.latents" not in self.extra:
            # Without guidance there is one text only.
            for key, (ids, embeds) in zip(("text", "negative"), self.texts, strict=False):
                found["ids" if key == "text" else "negative.ids"] = ids
                found[f"{key}.embeds"] = embeds
        if all_stages:
            for key in ("sample", "timestep", "timestep_cond", "out"):
                if self.unet_call.get(key) is not None:
                    found[f"unet.{key}"] = self.unet_call[key]
        found |= self.extra
        found["latents.initial"] = self.steps[0]
        return found | {f"latents.step.{i}": step for i, step in enumerate(self.steps[1:])}
