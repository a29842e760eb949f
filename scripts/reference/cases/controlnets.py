"""The ControlNets and T2I-Adapters of test/fixtures/controlnets, and the images that are drawn with them."""

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


def adapter(adapter_type: str, **changes) -> dict:
    """A T2IAdapter of `unet()`, with the fields of published ones."""
    config = {
        "_class_name": "T2IAdapter",
        "_diffusers_version": "0.21.0",
        "adapter_type": adapter_type,
        "channels": [16, 32],
        "downscale_factor": 8,
        "in_channels": 3,
        "num_res_blocks": 2,
    }
    return config | changes


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
    "adapter": {"config": adapter("full_adapter")},
    "adapter-grey": {"config": adapter("full_adapter", in_channels=1, num_res_blocks=1)},
    # It has a third block, for which the UNet has no place.
    "adapter-light": {"config": adapter("light_adapter", num_res_blocks=3)},
    "adapter-original": {"config": adapter("full_adapter"), "original": True},
    "adapter-light-original": {"config": adapter("light_adapter"), "original": True},
    "adapter-sdxl": {"config": adapter("full_adapter_xl", downscale_factor=16)},
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


def usual(networks: list[str], **changes) -> dict:
    """A call that leaves to the pipeline how much the networks count, and the size."""
    settings = run(networks, scales=[], steps=4, **changes)
    del settings["width"], settings["height"]
    return settings


IMAGE = {"initImage": "sketch.png", "strength": 0.75, "steps": 4}
MASK = {"mask": "mask.png"}
# All have the same size, so that the pipelines agree on one.
SAME_SIZE = {"initImage": "sketch.png", "controlImages": ["sketch.png"]}
XL = {"model": "sdxl", "pipeline": "StableDiffusionXLControlNetPipeline", "guidanceScale": 5.0}
ADAPTER = {"pipeline": "StableDiffusionAdapterPipeline"}
XL_ADAPTER = XL | {"pipeline": "StableDiffusionXLAdapterPipeline"}

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
    # Where a call does not say: the size of the control image, and scales and strengths of each pipeline.
    "sd1-usual": usual(["lines"], controlImages=["sketch-70x53.png"]),
    "sd1-img2img-usual": usual(["lines"], pipeline="StableDiffusionControlNetImg2ImgPipeline", **SAME_SIZE),
    "sd1-inpaint-usual": usual(
        ["lines"], pipeline="StableDiffusionControlNetInpaintPipeline", **SAME_SIZE | MASK
    ),
    "sdxl-img2img-usual": usual(
        ["sdxl"], **XL | SAME_SIZE | {"pipeline": "StableDiffusionXLControlNetImg2ImgPipeline"}
    ),
    "sdxl-inpaint-usual": usual(
        ["sdxl"], **XL | SAME_SIZE | MASK | {"pipeline": "StableDiffusionXLControlNetInpaintPipeline"}
    ),
    "adapter-sdxl-usual": usual(["adapter-sdxl"], controlImages=["sketch-70x53.png"], **XL_ADAPTER),
    "adapter": run(["adapter"], scales=[0.8], **ADAPTER),
    # Five cells by nine, which become three by five.
    "adapter-odd-size": run(["adapter"], width=72, height=40, negativePrompt="", steps=2, **ADAPTER),
    "adapter-grey": run(["adapter-grey"], guidanceScale=1.0, **ADAPTER),
    "adapter-light": run(["adapter-light"], **ADAPTER),
    "adapter-original": run(["adapter-original"], **ADAPTER),
    "adapter-light-original": run(["adapter-light-original"], **ADAPTER),
    "adapter-two": run(
        ["adapter", "adapter-grey"],
        controlImages=["sketch.png", "mask-96x96.png"],
        scales=[0.6, 0.9],
        scheduler="EulerDiscreteScheduler",
        **ADAPTER,
    ),
    "adapter-sd2": run(["adapter"], model="sd2", **ADAPTER),
    "adapter-sdxl": run(["adapter-sdxl"], scales=[0.7], **XL_ADAPTER),
    "adapter-sdxl-ends": run(["adapter-sdxl"], ends=[0.5], steps=4, **XL_ADAPTER),
    # It makes two calls for most steps, and the adapter ends after as many calls as there are steps.
    "adapter-sdxl-heun": run(["adapter-sdxl"], scheduler="HeunDiscreteScheduler", **XL_ADAPTER),
    "adapter-sdxl-two": run(
        ["adapter-sdxl"] * 2, controlImages=["sketch.png", "mask-96x96.png"], **XL_ADAPTER
    ),
    # diffusers has no pipelines for these: its UNet is given the features in others.
    "adapter-img2img": run(["adapter"], pipeline="StableDiffusionImg2ImgPipeline", **IMAGE),
    "adapter-inpaint": run(["adapter"], pipeline="StableDiffusionInpaintPipeline", **IMAGE, **MASK),
    "adapter-controlnet": run(
        ["adapter", "lines"],
        controlImages=["mask-96x96.png", "sketch.png"],
        scales=[0.6, 0.8],
        ends=[1.0, 0.5],
        steps=4,
    ),
}
