"""The ControlNets of test/fixtures/controlnets, and the images that are drawn with them."""

from cases.small_configs import NEGATIVE, PROMPT, controlnet
from cases.xl import XL_UNET

XL_FIELDS = (
    "addition_embed_type",
    "addition_time_embed_dim",
    "attention_head_dim",
    "cross_attention_dim",
    "down_block_types",
    "projection_class_embeddings_input_dim",
    "transformer_layers_per_block",
    "use_linear_projection",
)

NETWORKS = {
    "lines": {"config": controlnet()},
    # The order of the colours is that of OpenCV.
    "depth": {"config": controlnet(controlnet_conditioning_channel_order="bgr")},
    # The same at every place, and for the prompt alone.
    "shuffle": {"config": controlnet(global_pool_conditions=True)},
    # As the authors publish it.
    "original": {"config": controlnet(), "original": True},
    "sd2": {
        "config": controlnet(attention_head_dim=[2, 4], use_linear_projection=True, upcast_attention=True)
    },
    "sdxl": {"config": controlnet(**{field: XL_UNET[field] for field in XL_FIELDS})},
}


def run(networks: list[str], **changes) -> dict:
    """One call of a pipeline. The control image has another size than what is drawn."""
    count = len(networks)
    settings = {
        "model": "sd1",
        "pipeline": "StableDiffusionControlNetPipeline",
        "networks": networks,
        "controlImages": ["sketch-150x110.png"] * count,
        "scales": [1.0] * count,
        "starts": [0.0] * count,
        "ends": [1.0] * count,
        "prompt": PROMPT,
        "negativePrompt": NEGATIVE,
        "seed": 42,
        "steps": 3,
        "guidanceScale": 7.5,
        "width": 64,
        "height": 64,
    }
    return settings | changes


IMAGE = {"initImage": "sketch.png", "strength": 0.75, "steps": 4}
MASK = {"mask": "mask.png"}
XL = {"model": "sdxl", "pipeline": "StableDiffusionXLControlNetPipeline", "guidanceScale": 5.0}

RUNS = {
    "sd1": run(["lines"], scales=[0.8]),
    "sd1-odd-size": run(["lines"], width=72, height=40, negativePrompt="", steps=2),
    "sd1-no-guidance": run(["depth"], guidanceScale=1.0),
    "sd1-two": run(
        ["lines", "depth"],
        controlImages=["sketch.png", "mask-96x96.png"],
        scales=[0.6, 0.4],
        starts=[0.0, 0.25],
        ends=[0.5, 1.0],
        steps=4,
        scheduler="EulerDiscreteScheduler",
    ),
    # A scheduler of two calls for each step.
    "sd1-heun": run(["lines"], ends=[0.5], scheduler="HeunDiscreteScheduler"),
    "sd1-pooled": run(["shuffle"]),
    # The first one decides whether both are for the prompt alone.
    "sd1-pooled-second": run(["lines", "shuffle"]),
    "sd1-original": run(["original"]),
    "sd1-img2img": run(["lines"], pipeline="StableDiffusionControlNetImg2ImgPipeline", starts=[0.3], **IMAGE),
    "sd1-inpaint": run(["lines"], pipeline="StableDiffusionControlNetInpaintPipeline", **IMAGE, **MASK),
    # Nine channels, of which the ControlNet reads four.
    "sd-inpaint": run(
        ["lines"],
        model="sd-inpaint",
        pipeline="StableDiffusionControlNetInpaintPipeline",
        **IMAGE | MASK | {"strength": 1.0},
    ),
    "sd2": run(["sd2"], model="sd2"),
    "sd2-img2img": run(["sd2"], model="sd2", pipeline="StableDiffusionControlNetImg2ImgPipeline", **IMAGE),
    "sdxl": run(["sdxl"], scales=[0.5], **XL),
    "sdxl-two": run(["sdxl", "sdxl"], scales=[0.3, 0.4], ends=[0.6, 1.0], **XL),
    "sdxl-img2img": run(
        ["sdxl"], scales=[0.5], **XL | IMAGE | {"pipeline": "StableDiffusionXLControlNetImg2ImgPipeline"}
    ),
    "sdxl-inpaint": run(
        ["sdxl"],
        scales=[0.5],
        **XL | IMAGE | MASK | {"pipeline": "StableDiffusionXLControlNetInpaintPipeline"},
    ),
}
