"""Makes test/fixtures/onnx: very small models as ONNX folders of exporters, and images drawn with diffusers.

    python scripts/reference/onnx_folders.py [sd|xl|lcm ...]
                                (optimum-onnx 0.1, transformers 4.57, diffusers 0.35, onnx, torch 2)

Writes test/fixtures/onnx/optimum, which optimum's exporter makes, and test/fixtures/onnx/legacy, which is
exported as diffusers' scripts/convert_stable_diffusion_checkpoint_to_onnx.py does: no configs, whole-batch
timesteps, int32 ids, the UNet's weights beside it, and an encoder that draws its sample itself. Models are
compressed with gzip; what diffusers draws with the same weights lies beside the folders. optimum-xl and
optimum-lcm are optimum's again, of SDXL and of a latent consistency model.
"""

import gzip
import json
import pathlib
import shutil
import sys
import tempfile

import diffusers
import onnx
import torch
import transformers
from optimum.exporters.onnx import main_export
from PIL import Image

from cases.small_configs import NEGATIVE, PROMPT, scheduler, text_encoder, unet, vae
from cases.xl import XL_SCHEDULER
from shared.random_weights import random_weight

FIXTURES = pathlib.Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "onnx"
TOKENIZERS = {"tokenizer": ("small", "sd1"), "tokenizer_2": ("small", "sdxl2")}
TEXT = text_encoder(
    hidden_size=8,
    intermediate_size=16,
    num_attention_heads=2,
    num_hidden_layers=1,
    bos_token_id=845,
    eos_token_id=846,
    projection_dim=8,
)
UNET = unet(
    attention_head_dim=2,
    block_out_channels=[8],
    cross_attention_dim=8,
    down_block_types=["CrossAttnDownBlock2D"],
    mid_block_type=None,
    norm_num_groups=4,
    up_block_types=["CrossAttnUpBlock2D"],
)
VAE = vae(block_out_channels=[4] * 4, norm_num_groups=2)
PNDM = scheduler("PNDMScheduler", skip_prk_steps=True, set_alpha_to_one=False, steps_offset=1)
TEXT_2 = TEXT | {
    "architectures": ["CLIPTextModelWithProjection"],
    "hidden_act": "gelu",
    "num_hidden_layers": 2,
    "pad_token_id": 0,
}
XL_UNET = UNET | {
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 4,
    "cross_attention_dim": 16,
    "projection_class_embeddings_input_dim": 8 + 6 * 4,
    "use_linear_projection": True,
}
LCM = scheduler(
    "LCMScheduler",
    clip_sample=False,
    original_inference_steps=50,
    prediction_type="epsilon",
    set_alpha_to_one=True,
    steps_offset=1,
)
SETTINGS = {"seed": 42, "steps": 3, "guidanceScale": 7.5, "width": 64, "height": 48}


def small_parts(unet_config: dict) -> dict:
    config = transformers.CLIPTextConfig(**TEXT)
    parts = {
        "text_encoder": transformers.CLIPTextModel._from_config(config, attn_implementation="eager"),
        "unet": diffusers.UNet2DConditionModel.from_config(unet_config),
        "vae": diffusers.AutoencoderKL.from_config(VAE),
    }
    return {name: fill(model) for name, model in parts.items()} | {"tokenizer": tokenizer("tokenizer")}


def fill(model: torch.nn.Module) -> torch.nn.Module:
    """The same random weights as everywhere."""
    for name, value in model.eval().state_dict().items():
        if value.is_floating_point():
            value.copy_(random_weight(name, list(value.shape), "F32"))
    return model


def tokenizer(part: str) -> transformers.CLIPTokenizer:
    with tempfile.TemporaryDirectory() as folder:
        for style in TOKENIZERS[part]:
            shutil.copytree(FIXTURES / "tokenizers" / style, folder, dirs_exist_ok=True)
        return transformers.CLIPTokenizer.from_pretrained(folder)


UNCHECKED = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}


def small_pipeline() -> diffusers.StableDiffusionPipeline:
    scheduler = diffusers.PNDMScheduler.from_config(PNDM)
    return diffusers.StableDiffusionPipeline(**small_parts(UNET), scheduler=scheduler, **UNCHECKED)


def xl_pipeline() -> diffusers.StableDiffusionXLPipeline:
    config = transformers.CLIPTextConfig(**TEXT_2)
    kind = transformers.CLIPTextModelWithProjection
    second = kind._from_config(config, attn_implementation="eager")
    return diffusers.StableDiffusionXLPipeline(
        **small_parts(XL_UNET),
        text_encoder_2=fill(second),
        tokenizer_2=tokenizer("tokenizer_2"),
        scheduler=diffusers.EulerDiscreteScheduler.from_config(XL_SCHEDULER),
    )


def lcm_pipeline() -> diffusers.LatentConsistencyModelPipeline:
    parts = small_parts(UNET | {"time_cond_proj_dim": 16})
    scheduler = diffusers.LCMScheduler.from_config(LCM)
    return diffusers.LatentConsistencyModelPipeline(**parts, scheduler=scheduler, **UNCHECKED)


def generator() -> torch.Generator:
    return torch.Generator("cpu").manual_seed(SETTINGS["seed"])


def draw_once(pipe: diffusers.DiffusionPipeline, name: str) -> None:
    """One image beside the folder of the same name; a latent consistency model reads no negative prompt."""
    lcm = isinstance(pipe, diffusers.LatentConsistencyModelPipeline)
    images = pipe(
        PROMPT,
        num_inference_steps=SETTINGS["steps"],
        guidance_scale=SETTINGS["guidanceScale"],
        width=SETTINGS["width"],
        height=SETTINGS["height"],
        generator=generator(),
        **({} if lcm else {"negative_prompt": NEGATIVE}),
    ).images
    images[0].save(FOLDER / f"{name}.png")


def draw(pipe: diffusers.StableDiffusionPipeline) -> None:
    common = {
        "prompt": PROMPT,
        "negative_prompt": NEGATIVE,
        "num_inference_steps": SETTINGS["steps"],
        "guidance_scale": SETTINGS["guidanceScale"],
    }
    size = {"width": SETTINGS["width"], "height": SETTINGS["height"]}
    pipe(**common, **size, generator=generator()).images[0].save(FOLDER / "text-to-image.png")
    sketch = Image.open(FIXTURES / "pictures" / "sketch.png").resize(tuple(size.values()))
    sketch.save(FOLDER / "sketch.png")
    start = diffusers.StableDiffusionImg2ImgPipeline(**pipe.components, requires_safety_checker=False)
    images = start(**common, image=sketch, strength=0.7, generator=generator()).images
    images[0].save(FOLDER / "image-to-image.png")
    settings = SETTINGS | {"prompt": PROMPT, "negativePrompt": NEGATIVE, "strength": 0.7}
    (FOLDER / "settings.json").write_text(json.dumps(settings, indent=2) + "\n")


def export_optimum(pipe: diffusers.DiffusionPipeline, folder: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as saved:
        pipe.save_pretrained(saved)
        main_export(saved, folder, task="text-to-image", opset=14)


def export_legacy(pipe: diffusers.StableDiffusionPipeline, folder: pathlib.Path) -> None:
    pipe.scheduler.save_pretrained(folder / "scheduler")
    index = {"_class_name": "OnnxStableDiffusionPipeline", "_diffusers_version": "0.11.0"}
    for part in ("text_encoder", "unet", "vae_decoder", "vae_encoder"):
        index[part] = ["diffusers", "OnnxRuntimeModel"]
    index |= {"scheduler": ["diffusers", "PNDMScheduler"]}
    index |= {"tokenizer": ["transformers", "CLIPTokenizer"], "safety_checker": [None, None]}
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    ids = pipe.tokenizer("a", padding="max_length", return_tensors="pt").input_ids
    picture = {0: "batch", 1: "channels", 2: "height", 3: "width"}
    export(
        pipe.text_encoder,
        (ids.to(torch.int32),),
        folder / "text_encoder",
        {"input_ids": {0: "batch", 1: "sequence"}},
        ["last_hidden_state", "pooler_output"],
    )
    text = torch.randn(2, 77, UNET["cross_attention_dim"])
    export(
        pipe.unet,
        (torch.randn(2, 4, 8, 8), torch.randn(2), text, False),
        folder / "unet",
        {
            "sample": picture,
            "timestep": {0: "batch"},
            "encoder_hidden_states": {0: "batch", 1: "sequence"},
        },
        ["out_sample"],
    )
    model = onnx.load(folder / "unet" / "model.onnx")
    onnx.save_model(
        model,
        folder / "unet" / "model.onnx",
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location="weights.pb",
        convert_attribute=False,
    )
    autoencoder = pipe.vae
    autoencoder.forward = lambda sample: autoencoder.encode(sample, False)[0].sample()
    sample = (torch.randn(1, 3, 32, 32),)
    export(autoencoder, sample, folder / "vae_encoder", {"sample": picture}, ["latent_sample"])
    autoencoder.forward = lambda latents: autoencoder.decode(latents, False)[0]
    latents = (torch.randn(1, 4, 4, 4),)
    export(autoencoder, latents, folder / "vae_decoder", {"latent_sample": picture}, ["sample"])


def export(model, inputs: tuple, folder: pathlib.Path, axes: dict, outputs: list[str]) -> None:
    folder.mkdir(parents=True)
    torch.onnx.export(
        model,
        inputs,
        folder / "model.onnx",
        input_names=list(axes),
        output_names=outputs,
        dynamic_axes=axes,
        do_constant_folding=True,
        opset_version=14,
        dynamo=False,
    )


def compress(folder: pathlib.Path) -> None:
    """Compresses models and weights, and removes the tokenizers, which other fixtures have."""
    for part in TOKENIZERS:
        shutil.rmtree(folder / part, ignore_errors=True)
    for file in [*folder.rglob("*.onnx"), *folder.rglob("*.pb")]:
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
        file.unlink()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{folder.name}: {size / 1000:.0f} kB")


def make_sd() -> None:
    for name in ("optimum", "legacy"):
        shutil.rmtree(FOLDER / name, ignore_errors=True)
    pipe = small_pipeline()
    draw(pipe)
    export_optimum(pipe, FOLDER / "optimum")
    export_legacy(pipe, FOLDER / "legacy")
    for name in ("optimum", "legacy"):
        compress(FOLDER / name)


def make_optimum(pipe: diffusers.DiffusionPipeline, name: str) -> None:
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    draw_once(pipe, name)
    export_optimum(pipe, FOLDER / name)
    compress(FOLDER / name)


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or ["sd", "xl", "lcm"]
    if "sd" in wanted:
        make_sd()
    if "xl" in wanted:
        make_optimum(xl_pipeline(), "optimum-xl")
    if "lcm" in wanted:
        make_optimum(lcm_pipeline(), "optimum-lcm")


if __name__ == "__main__":
    main()
