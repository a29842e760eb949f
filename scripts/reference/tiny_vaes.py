"""Makes test/fixtures/tiny-vaes: images of pipelines whose autoencoder was replaced by TAESD or TAESDXL.

    python scripts/reference/tiny_vaes.py

The models are those of pipelines/sd1 and pipelines/sdxl, the tiny autoencoder is that of pipelines/taesd.
"""

import tempfile
from pathlib import Path

import torch

from cases.pipelines import CASES
from cases.runs import image_run, run
from pipelines import (
    FIXTURES,
    PARTS,
    copy_tokenizers,
    load_model,
    open_pipeline,
    write_folder,
    write_json,
    write_weights,
)
from shared.fixture_arrays import Arrays
from shared.pipeline_stages import draw

FOLDER = FIXTURES / "tiny-vaes"

RUNS = {
    "sd1": run(model="sd1", steps=3),
    "sd1-img2img": image_run("StableDiffusionImg2ImgPipeline", model="sd1"),
    "sd1-inpaint": image_run("StableDiffusionInpaintPipeline", model="sd1", mask="mask.png"),
    "sdxl": run(model="sdxl", guidanceScale=5.0, steps=3),
    "sdxl-img2img": image_run("StableDiffusionXLImg2ImgPipeline", model="sdxl", guidanceScale=5.0),
    "sdxl-inpaint": image_run(
        "StableDiffusionXLInpaintPipeline", model="sdxl", mask="mask.png", guidanceScale=5.0
    ),
}


def open_parts(folder: Path, name: str) -> dict:
    """Writes a model's folder; returns its components in float32."""
    case = CASES[name]
    shapes = write_folder(folder, case)
    copy_tokenizers(folder, case)
    write_weights(folder, shapes, case.get("dtype", "F32"))
    return {part: load_model(folder / part, case[part]) for part in PARTS if part in case}


@torch.no_grad()
def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        tiny = open_parts(root / "taesd", "taesd")["vae"]
        models = {name: open_parts(root / name, name) for name in ("sd1", "sdxl")}
        for name, settings in RUNS.items():
            model = settings["model"]
            pipe = open_pipeline(root / model, models[model], CASES[model], settings)
            pipe.vae = tiny
            draw(pipe, name, settings | {"stages": False}, Arrays(), FOLDER)
    write_json(FOLDER / "runs.json", RUNS)


if __name__ == "__main__":
    main()
