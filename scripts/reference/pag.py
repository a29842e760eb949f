"""Makes test/fixtures/pag: images of whole pipelines with perturbed-attention guidance.

    python scripts/reference/pag.py

The models are those of pipelines/; runs.json has what was asked for.
"""

import json
import tempfile
from pathlib import Path

import diffusers
import torch
from PIL import Image

from adapted import open_model

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "pag"
COMMON = {
    "prompt": "a red apple on a white table",
    "negativePrompt": "blurry",
    "seed": 11,
    "steps": 4,
    "guidanceScale": 5.0,
    "width": 64,
    "height": 64,
    "pagScale": 3.0,
    "pagAdaptiveScale": 0.0,
    "pagAppliedLayers": ["mid"],
}
SD = {"model": "sd1", "pipeline": "StableDiffusionPAGPipeline"}
XL = {"model": "sdxl", "pipeline": "StableDiffusionXLPAGPipeline"}
IMAGE = {"initImage": "sketch.png", "strength": 0.75}
RUNS = {
    "sd1": SD,
    "sd1-no-guidance": SD | {"guidanceScale": 1.0},
    "sd1-adaptive": SD | {"pagAdaptiveScale": 0.004},
    "sd1-rescaled": SD | {"guidanceRescale": 0.7},
    "sd1-layers": SD | {"pagAppliedLayers": ["down_blocks.0", "mid"]},
    "sd1-image": SD | IMAGE | {"pipeline": "StableDiffusionPAGImg2ImgPipeline"},
    "sdxl": XL,
    "sdxl-no-guidance": XL | {"guidanceScale": 1.0},
    "sd1-pattern": SD | {"pagAppliedLayers": ["^(down|up).*blocks.[01].(attentions|resnets).0"]},
    "sdxl-layers": XL | {"pagAppliedLayers": ["up.blocks.0"], "width": 72, "height": 40},
    "sdxl-image": XL | IMAGE | {"pipeline": "StableDiffusionXLPAGImg2ImgPipeline"},
    "sdxl-refiner": IMAGE | {"model": "sdxl-refiner", "pipeline": "StableDiffusionXLPAGImg2ImgPipeline"},
}


def draw(name: str, run: dict) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        keywords = {} if "XL" in run["pipeline"] else {"requires_safety_checker": False}
        kind = getattr(diffusers, run["pipeline"])
        layers = {"pag_applied_layers": run["pagAppliedLayers"]}
        pipe = open_model(Path(temporary), run["model"], kind, **layers, **keywords)
    pipe.set_progress_bar_config(disable=True)
    keywords = {"width": run["width"], "height": run["height"]}
    if "initImage" in run:
        image = Image.open(FIXTURES / "pictures" / run["initImage"]).convert("RGB")
        keywords = {"image": image, "strength": run["strength"]}
    if "guidanceRescale" in run:
        keywords["guidance_rescale"] = run["guidanceRescale"]
    picture = pipe(
        run["prompt"],
        negative_prompt=run["negativePrompt"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidanceScale"],
        pag_scale=run["pagScale"],
        pag_adaptive_scale=run["pagAdaptiveScale"],
        generator=torch.Generator("cpu").manual_seed(run["seed"]),
        **keywords,
    ).images[0]
    picture.save(FOLDER / f"{name}.png", optimize=True)


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    runs = {name: COMMON | run for name, run in RUNS.items()}
    for name, run in runs.items():
        draw(name, run)
        print(name)
    asked = {name: {key: run[key] for key in run if key != "pipeline"} for name, run in runs.items()}
    (FOLDER / "runs.json").write_text(json.dumps(asked, indent=2) + "\n")


if __name__ == "__main__":
    main()
