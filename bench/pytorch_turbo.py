"""Images of one step with TAESD in diffusers, as scripts/bench/turbo.ts draws them. Prints a line of JSON."""

import argparse
import json
import time

import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--device", required=True, help="in PyTorch's words")
parser.add_argument("--model", required=True, help="a folder")
parser.add_argument("--vae", required=True, help="the tiny autoencoder's folder")
options = parser.parse_args()

settings = {"torch_dtype": torch.float16, "variant": "fp16"}
vae = AutoencoderTiny.from_pretrained(options.vae, **settings)
parts = {"vae": vae, "safety_checker": None, "feature_extractor": None}
pipeline = StableDiffusionPipeline.from_pretrained(options.model, **settings, **parts).to(options.device)
pipeline.set_progress_bar_config(disable=True)


def draw(seed: int) -> float:
    generator = torch.Generator("cpu").manual_seed(seed)
    started = time.perf_counter()
    # The image is in the processor's memory when this returns.
    pipeline("a red apple", num_inference_steps=1, guidance_scale=0.0, generator=generator)
    return time.perf_counter() - started


draw(1)
print(json.dumps({"seconds": min(draw(seed) for seed in (2, 3))}))
