"""Makes the safety checker of test/fixtures/onnx, and what diffusers' ONNX pipeline makes of images with it.

    python scripts/reference/onnx_safety_checker.py
                                (diffusers, transformers and torch as pinned, onnx, onnxruntime)

The checker is exported as diffusers' scripts/convert_stable_diffusion_checkpoint_to_onnx.py does, with the
feature extractor beside it. The folder that it belongs to is test/fixtures/onnx/legacy.
"""

import gzip
import json
import pathlib
import shutil
import tempfile

import diffusers
import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import CLIPConfig

from cases.safety_checker import NEVER, PREPROCESSOR, TEXT
from cases.small_configs import clip_vision
from shared.random_weights import load_seeded_weights

FIXTURES = pathlib.Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "onnx"
SIDE = 24
VISION = clip_vision(
    hidden_size=8,
    image_size=SIDE,
    intermediate_size=16,
    num_attention_heads=2,
    num_hidden_layers=1,
    patch_size=8,
    projection_dim=8,
)
# The cosines at which concepts are seen, by their numbers. Others are never seen.
THRESHOLDS = {15: 0.447}
# Of all images but the last; it lowers the threshold of concept 15 as far as the third takes.
SPECIAL_THRESHOLDS = {0: 0.1}
IMAGES = 4


def make_checker() -> StableDiffusionSafetyChecker:
    config = CLIPConfig(vision_config=VISION, text_config=TEXT, projection_dim=8, attn_implementation="eager")
    checker = StableDiffusionSafetyChecker(config).eval()
    load_seeded_weights(checker, "onnx-checker", "F32")
    for tensor, seen in (
        (checker.concept_embeds_weights, THRESHOLDS),
        (checker.special_care_embeds_weights, SPECIAL_THRESHOLDS),
    ):
        for index in range(len(tensor)):
            tensor[index] = seen.get(index, NEVER)
    checker.forward = checker.forward_onnx
    return checker


def export(checker: StableDiffusionSafetyChecker, file: pathlib.Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        checker,
        (torch.randn(1, 3, SIDE, SIDE), torch.randn(1, 32, 32, 3)),
        file,
        input_names=["clip_input", "images"],
        output_names=["out_images", "has_nsfw_concepts"],
        dynamic_axes={
            "clip_input": {0: "batch", 1: "channels", 2: "height", 3: "width"},
            "images": {0: "batch", 1: "height", 2: "width", 3: "channels"},
        },
        do_constant_folding=True,
        opset_version=14,
        dynamo=False,
    )


def unpack(folder: pathlib.Path) -> None:
    """The folder of test/fixtures/onnx/legacy with its tokenizer."""
    shutil.copytree(FOLDER / "legacy", folder)
    for file in folder.rglob("*.gz"):
        file.with_suffix("").write_bytes(gzip.decompress(file.read_bytes()))
    index = json.loads((folder / "model_index.json").read_text())
    index |= {"safety_checker": ["diffusers", "OnnxRuntimeModel"]}
    index |= {"feature_extractor": ["transformers", "CLIPImageProcessor"]}
    (folder / "model_index.json").write_text(json.dumps(index))
    for style in ("small", "sd1"):
        shutil.copytree(FIXTURES / "tokenizers" / style, folder / "tokenizer", dirs_exist_ok=True)


def draw(folder: pathlib.Path) -> list[bool]:
    """Draws images with the ONNX pipeline, which takes its noise from torch here. Returns the flags."""
    pipe = diffusers.OnnxStableDiffusionPipeline.from_pretrained(folder, provider="CPUExecutionProvider")
    settings = json.loads((FOLDER / "settings.json").read_text())
    flags = []
    for index in range(IMAGES):
        generator = torch.Generator("cpu").manual_seed(settings["seed"] + index)
        shape = (1, 4, settings["height"] // 8, settings["width"] // 8)
        drawn = pipe(
            settings["prompt"],
            negative_prompt=settings["negativePrompt"],
            num_inference_steps=settings["steps"],
            guidance_scale=settings["guidanceScale"],
            height=settings["height"],
            width=settings["width"],
            latents=torch.randn(shape, generator=generator).numpy(),
        )
        drawn.images[0].save(FOLDER / f"checked-{index}.png", optimize=True)
        flags += [bool(flag) for flag in drawn.nsfw_content_detected]
    return flags


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "model"
        unpack(folder)
        export(make_checker(), folder / "safety_checker" / "model.onnx")
        processor = PREPROCESSOR | {"crop_size": SIDE, "size": SIDE}
        extractor = folder / "feature_extractor" / "preprocessor_config.json"
        extractor.parent.mkdir()
        extractor.write_text(json.dumps(processor))
        flags = draw(folder)
        model = (folder / "safety_checker" / "model.onnx").read_bytes()
    checker = {"preprocessor": processor, "flagged": flags}
    (FOLDER / "safety-checker.json").write_text(json.dumps(checker, indent=2) + "\n")
    (FOLDER / "safety-checker.onnx.gz").write_bytes(gzip.compress(model, 9, mtime=0))
    print(flags)


if __name__ == "__main__":
    main()
