"""Writes the diffusers folder: float16 weights, configs, tokenizer, defaults and the opacity filter."""

import json
import shutil
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextModel

from .autoencoder import Autoencoder
from .tokenizer import load_tokenizer
from .unet_model import make_scheduler

DEFAULTS = {
    "name": "Easel Starter",
    "num_inference_steps": 8,
    "guidance_scale": 2.0,
    "strength": 0.65,
    "sketch_strength": 0.45,
    "width": 256,
    "height": 256,
}


def export(
    target: Path,
    tokenizer_folder: Path,
    text_encoder: CLIPTextModel,
    unet: UNet2DConditionModel,
    autoencoder: Autoencoder,
) -> None:
    """Writes a folder beside `target`, then replaces `target` with it. The model card and its images stay."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    pipeline = StableDiffusionPipeline(
        vae=autoencoder.folded().to(torch.float16),
        text_encoder=text_encoder.to(torch.float16),
        tokenizer=load_tokenizer(tokenizer_folder),
        unet=unet.to(torch.float16),
        scheduler=make_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(fresh, safe_serialization=True)
    opacity = {name: value.to(torch.float16) for name, value in autoencoder.alpha.state_dict().items()}
    save_file(opacity, fresh / "vae" / "opacity.safetensors", {"format": "pt"})
    for name in ("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(tokenizer_folder / name, fresh / "tokenizer" / name)
    (fresh / "tokenizer" / "tokenizer.json").unlink(missing_ok=True)
    (fresh / "easel.json").write_text(json.dumps(DEFAULTS, indent=2) + "\n", encoding="utf8")
    # transformers loads a model in the precision that its config names; diffusers loads in float32
    config = fresh / "text_encoder" / "config.json"
    config.write_text(config.read_text().replace('"dtype": "float16"', '"dtype": "float32"'))
    for written in fresh.rglob("*"):
        written.chmod(0o755 if written.is_dir() else 0o644)
    if target.exists():
        for kept in target.iterdir():
            if not (fresh / kept.name).exists() and (
                kept.suffix in (".md", ".webp") or kept.name == "LICENSES"
            ):
                (shutil.copytree if kept.is_dir() else shutil.copy)(kept, fresh / kept.name)
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(target)
