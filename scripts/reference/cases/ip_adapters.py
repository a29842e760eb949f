"""The IP-Adapters of test/fixtures/ip-adapters, and the images that are drawn with them."""

from cases.small_configs import NEGATIVE, PROMPT, clip_vision, unet
from cases.xl import XL_UNET

ENCODER = {"architectures": ["CLIPVisionModelWithProjection"]} | clip_vision(hidden_act="gelu")

HIDDEN = 40  # width of the resampler
HEADS = 2
HEAD_SIZE = 64
TOKENS = 4
QUERIES = 5


def plain(width: int) -> dict[str, list[int]]:
    features = ENCODER["projection_dim"]
    return {
        "image_proj.norm.bias": [width],
        "image_proj.norm.weight": [width],
        "image_proj.proj.bias": [TOKENS * width],
        "image_proj.proj.weight": [TOKENS * width, features],
    }


def full(width: int) -> dict[str, list[int]]:
    features = ENCODER["hidden_size"]
    return {
        "image_proj.proj.0.bias": [features],
        "image_proj.proj.0.weight": [features, features],
        "image_proj.proj.2.bias": [width],
        "image_proj.proj.2.weight": [width, features],
        "image_proj.proj.3.bias": [width],
        "image_proj.proj.3.weight": [width],
    }


def plus(width: int) -> dict[str, list[int]]:
    """diffusers reads four layers."""
    inner = HEADS * HEAD_SIZE
    shapes = {
        "image_proj.latents": [1, QUERIES, HIDDEN],
        "image_proj.norm_out.bias": [width],
        "image_proj.norm_out.weight": [width],
        "image_proj.proj_in.bias": [HIDDEN],
        "image_proj.proj_in.weight": [HIDDEN, ENCODER["hidden_size"]],
        "image_proj.proj_out.bias": [width],
        "image_proj.proj_out.weight": [width, HIDDEN],
    }
    for layer in range(4):
        name = f"image_proj.layers.{layer}"
        for norm in ("0.norm1", "0.norm2", "1.0"):
            shapes |= {f"{name}.{norm}.bias": [HIDDEN], f"{name}.{norm}.weight": [HIDDEN]}
        shapes |= {
            f"{name}.0.to_kv.weight": [2 * inner, HIDDEN],
            f"{name}.0.to_out.weight": [HIDDEN, inner],
            f"{name}.0.to_q.weight": [inner, HIDDEN],
            f"{name}.1.1.weight": [4 * HIDDEN, HIDDEN],
            f"{name}.1.3.weight": [HIDDEN, 4 * HIDDEN],
        }
    return shapes


KINDS = {"plain": plain, "full": full, "plus": plus}
UNETS = {"sd1": unet(), "sdxl": XL_UNET}

# Adapters: the kind, the UNet that each is for, and the ending of its file.
ADAPTERS = {
    "sd1-plain": ("plain", "sd1", ".safetensors"),
    "sd1-plus": ("plus", "sd1", ".safetensors"),
    "sd1-full": ("full", "sd1", ".safetensors"),
    # As torch.save writes them: two dicts in a dict.
    "sd1-bin": ("plus", "sd1", ".bin"),
    "sdxl-plain": ("plain", "sdxl", ".safetensors"),
    "sdxl-plus": ("plus", "sdxl", ".safetensors"),
    "sdxl-full": ("full", "sdxl", ".safetensors"),
}


def run(adapters: list[str], **changes) -> dict:
    """One call of a pipeline. `images` has a list for each adapter; none of the images is a square."""
    settings = {
        "model": "sd1",
        "pipeline": "StableDiffusionPipeline",
        "adapters": adapters,
        "images": [["sketch-150x110.png"]] * len(adapters),
        # Numbers, or diffusers' dicts for some blocks; then `blocks` has Easel's names of these.
        "scales": [1.0] * len(adapters),
        "prompt": PROMPT,
        "negativePrompt": NEGATIVE,
        "seed": 42,
        "steps": 3,
        "guidanceScale": 7.5,
        "width": 64,
        "height": 64,
    }
    return settings | changes


TWO = ["sketch-150x110.png", "sketch-24x40.png"]
IMAGE = {"initImage": "sketch.png", "strength": 0.75, "steps": 4}
MASK = {"mask": "mask.png"}
CONTROL = {"controlnet": "lines", "controlImage": "sketch.png"}
XL = {"model": "sdxl", "pipeline": "StableDiffusionXLPipeline", "guidanceScale": 5.0}

RUNS = {
    "sd1-plain": run(["sd1-plain"]),
    "sd1-plus": run(["sd1-plus"]),
    "sd1-full": run(["sd1-full"]),
    "sd1-bin": run(["sd1-bin"], steps=2),
    "sd1-half": run(["sd1-plain"], scales=[0.5], steps=2),
    # Equal to what is drawn without an adapter.
    "sd1-zero": run(["sd1-plus"], scales=[0.0], steps=2),
    "sd1-no-guidance": run(["sd1-full"], guidanceScale=1.0, steps=2),
    "sd1-two-images": run(["sd1-plain"], images=[TWO], width=72, height=40),
    "sd1-plus-two-images": run(["sd1-plus"], images=[TWO], scales=[0.7]),
    "sd1-two": run(["sd1-plain", "sd1-plus"], images=[[image] for image in TWO], scales=[0.4, 0.8]),
    "sd1-img2img": run(["sd1-plus"], pipeline="StableDiffusionImg2ImgPipeline", **IMAGE),
    "sd1-inpaint": run(["sd1-plain"], pipeline="StableDiffusionInpaintPipeline", **IMAGE, **MASK),
    "sd1-controlnet": run(["sd1-plain"], pipeline="StableDiffusionControlNetPipeline", **CONTROL),
    # Three rows, of which one is the prompt's.
    "sd-edit": run(
        ["sd1-plus"],
        model="sd-edit",
        pipeline="StableDiffusionInstructPix2PixPipeline",
        initImage="sketch.png",
        imageGuidanceScale=1.5,
    ),
    "sdxl-plain": run(["sdxl-plain"], **XL),
    "sdxl-plus": run(["sdxl-plus"], **XL),
    "sdxl-full": run(["sdxl-full"], **XL),
    "sdxl-two": run(["sdxl-plus", "sdxl-plain"], images=[[image] for image in TWO], scales=[0.5, 0.6], **XL),
    # InstantStyle, in a UNet of two levels.
    "sdxl-style": run(["sdxl-plus"], scales=[{"up": {"block_0": [0.0, 0.9]}}], blocks=["style"], **XL),
    "sdxl-layout": run(
        ["sdxl-plain", "sdxl-plus"],
        scales=[{"down": {"block_1": [0.8]}}, {"down": {"block_1": [0.7]}, "up": {"block_0": [0.0, 0.7]}}],
        blocks=["layout", "style+layout"],
        **XL,
    ),
    "sdxl-img2img": run(["sdxl-plain"], **XL | IMAGE | {"pipeline": "StableDiffusionXLImg2ImgPipeline"}),
}
