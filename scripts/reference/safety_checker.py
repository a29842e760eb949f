"""Makes test/fixtures/safety-checker: what diffusers' safety checker says and makes of images.

    python scripts/reference/safety_checker.py [run ...]

The models are those of pipelines/. network.json has the config, the shapes and the thresholds of the
checker, whose weights are made by the names `checker.<tensor>`; runs.json what was asked for, with the
scores and the flags of each image; verdicts.json what the checker decides of cosines near its thresholds.
"""

import json
import sys
import tempfile
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers.pipelines.stable_diffusion import safety_checker as module
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor

from adapted import open_model
from cases.safety_checker import (
    CONCEPTS,
    NEVER,
    PREPROCESSOR,
    PROJECTION_DIM,
    RUNS,
    SPECIAL,
    SPECIAL_THRESHOLDS,
    TEXT,
    THRESHOLDS,
    VISION,
)
from shared.random_weights import load_seeded_weights, random_input

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "safety-checker"
PICTURES = FIXTURES / "pictures"


def make_checker() -> tuple[StableDiffusionSafetyChecker, dict[str, list[int]], dict[str, list[float]]]:
    """Also the shapes of its tensors and the thresholds."""
    config = CLIPConfig(vision_config=VISION, text_config=TEXT, projection_dim=PROJECTION_DIM)
    checker = StableDiffusionSafetyChecker(config).eval()
    shapes = load_seeded_weights(checker, "checker", "F32")
    thresholds = {
        "concept_embeds_weights": [THRESHOLDS.get(index, NEVER) for index in range(CONCEPTS)],
        "special_care_embeds_weights": [SPECIAL_THRESHOLDS.get(index, NEVER) for index in range(SPECIAL)],
    }
    for name, values in thresholds.items():
        getattr(checker, name).copy_(torch.tensor(values))
    return checker, shapes, thresholds


class Recorder:
    """Keeps the scores that a checker rounds: of each image, the special concepts and then the others."""

    def __init__(self) -> None:
        self.scores: list[float] = []

    def __enter__(self) -> "Recorder":
        module.round = self.round
        return self

    def __exit__(self, *_: object) -> None:
        del module.round

    def round(self, value: np.float32, digits: int) -> np.float32:
        rounded = round(value, digits)
        self.scores.append(round(float(rounded), 3))
        return rounded

    def by_image(self) -> list[dict[str, list[float]]]:
        each = SPECIAL + CONCEPTS
        rows = [self.scores[first : first + each] for first in range(0, len(self.scores), each)]
        return [{"special": row[:SPECIAL], "concepts": row[SPECIAL:]} for row in rows]


def image_of(name: str) -> Image.Image:
    return Image.open(PICTURES / name).convert("RGB")


def draw(name: str, run: dict) -> dict:
    """Draws the images of a run, each with a generator of its own. Returns what was said of them."""
    with tempfile.TemporaryDirectory() as temporary:
        kind = getattr(diffusers, run["pipeline"])
        extra = {"safety_checker": make_checker()[0], "feature_extractor": CLIPImageProcessor(**PREPROCESSOR)}
        pipe = open_model(Path(temporary) / "model", run["model"], kind, **extra)
    pipe.set_progress_bar_config(disable=True)
    keywords = {} if "initImage" in run else {"width": run["width"], "height": run["height"]}
    if "initImage" in run:
        keywords |= {"image": image_of(run["initImage"]), "strength": run["strength"]}
    if "mask" in run:
        keywords["mask_image"] = Image.open(PICTURES / run["mask"])
        keywords |= {"width": run["width"], "height": run["height"]}
    if run["model"] != "lcm":
        keywords["negative_prompt"] = run["negativePrompt"]
    flags, scores = [], []
    for index in range(run["numImages"]):
        with Recorder() as recorder:
            drawn = pipe(
                run["prompt"],
                num_inference_steps=run["steps"],
                guidance_scale=run["guidanceScale"],
                generator=torch.Generator("cpu").manual_seed(run["seed"] + index),
                **keywords,
            )
        [picture] = drawn.images
        assert picture.size == (run["width"], run["height"]), picture.size
        picture.save(FOLDER / f"{name}-{index}.png", optimize=True)
        flags += drawn.nsfw_content_detected
        scores += recorder.by_image()
    return {"flagged": flags, "scores": scores}


def verdicts(checker: StableDiffusionSafetyChecker) -> list[dict]:
    """What the checker decides of cosines within some thousandths of its thresholds."""
    cases = []
    for seed in range(12):
        noise = random_input(seed, [2, SPECIAL + CONCEPTS])
        thresholds = 0.2 + 0.05 * noise[0]
        # A score is rounded to thousandths; the adjustment is ten of them. Most are far below.
        offsets = torch.round(noise[1] * 8) * 0.00125 - 0.011
        cosines = (thresholds + offsets).float()
        special, concepts = cosines[None, :SPECIAL], cosines[None, SPECIAL:]
        checker.special_care_embeds_weights.copy_(thresholds[:SPECIAL])
        checker.concept_embeds_weights.copy_(thresholds[SPECIAL:])
        given = iter([special, concepts])
        cosine_distance, module.cosine_distance = module.cosine_distance, lambda *_, given=given: next(given)
        size = VISION["image_size"]
        try:
            with Recorder() as recorder:
                _, [flag] = checker(torch.zeros(1, 3, size, size), np.ones((1, 2, 2, 3)))
        finally:
            module.cosine_distance = cosine_distance
        cases.append(
            {
                "special": {"cosines": special[0].tolist(), "thresholds": thresholds[:SPECIAL].tolist()},
                "concepts": {"cosines": concepts[0].tolist(), "thresholds": thresholds[SPECIAL:].tolist()},
                "scores": recorder.by_image()[0],
                "flagged": flag,
            }
        )
    return cases


def lines(values: list | dict) -> str:
    """JSON with one line for each entry."""
    if isinstance(values, list):
        return "[\n" + ",\n".join(f"  {json.dumps(value)}" for value in values) + "\n]\n"
    return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in values.items()) + "\n}\n"


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    runs_file = FOLDER / "runs.json"
    runs = json.loads(runs_file.read_text()) if runs_file.exists() else {}
    for name in sys.argv[1:] or RUNS:
        runs[name] = RUNS[name] | draw(name, RUNS[name])
        print(name, runs[name]["flagged"])
    runs_file.write_text(lines({name: runs[name] for name in RUNS if name in runs}))
    checker, shapes, thresholds = make_checker()
    config = {
        "architectures": ["StableDiffusionSafetyChecker"],
        "initializer_factor": 1.0,
        "logit_scale_init_value": 2.6592,
        "model_type": "clip",
        "projection_dim": PROJECTION_DIM,
        "text_config": TEXT,
        "vision_config": VISION,
    }
    network = {"config": config, "preprocessor": PREPROCESSOR, "tensors": shapes, "thresholds": thresholds}
    (FOLDER / "network.json").write_text(lines(network))
    (FOLDER / "verdicts.json").write_text(lines(verdicts(checker)))


if __name__ == "__main__":
    main()
