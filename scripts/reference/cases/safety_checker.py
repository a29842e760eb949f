"""The safety checker of test/fixtures/safety-checker, and the images that it looks at."""

from cases.small_configs import NEGATIVE, PROMPT, clip_vision

# Of a CLIPConfig.
VISION = clip_vision()
TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4, "num_hidden_layers": 1}
PROJECTION_DIM = 24

# As published, but for the sizes.
PREPROCESSOR = {
    "crop_size": 42,
    "do_center_crop": True,
    "do_convert_rgb": True,
    "do_normalize": True,
    "do_resize": True,
    "feature_extractor_type": "CLIPFeatureExtractor",
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "size": 42,
}

CONCEPTS = 17
SPECIAL = 3
NEVER = 1.5  # no cosine is above it

# The cosines at which concepts are seen, by their numbers. Others are never seen.
THRESHOLDS = {4: 0.376, 13: 0.42, 16: 0.227}
# Of one image of sd1, it lowers the threshold of concept 4 as far as it takes.
SPECIAL_THRESHOLDS = {0: 0.135}

RUN = {
    "prompt": PROMPT,
    "negativePrompt": NEGATIVE,
    "seed": 42,
    "steps": 4,
    "guidanceScale": 7.5,
    "width": 64,
    "height": 64,
    "numImages": 1,
}
RUNS: dict[str, dict] = {
    "sd1": RUN | {"model": "sd1", "pipeline": "StableDiffusionPipeline", "numImages": 4},
    "sd1-wide": RUN | {"model": "sd1", "pipeline": "StableDiffusionPipeline", "width": 96, "numImages": 2},
    "sd-inpaint": RUN
    | {
        "model": "sd-inpaint",
        "pipeline": "StableDiffusionInpaintPipeline",
        "initImage": "sketch.png",
        "mask": "mask.png",
        "strength": 1.0,
        "numImages": 2,
    },
    "lcm": RUN | {"model": "lcm", "pipeline": "LatentConsistencyModelPipeline", "numImages": 2},
}
