"""Runs the schedulers of diffusers with a small artificial network and records the results.

Run with a Python that has diffusers, torch and scipy:
    python scripts/reference/schedulers.py
Writes test/fixtures/schedulers/*.json, one file per scheduler class and one for the beta schedules. Arrays
are base64 of little-endian float32. test/core/diffusion/schedulers/ runs the same loops and compares.
"""

import base64
import hashlib
import inspect
import json
import warnings
from pathlib import Path

import diffusers
import torch

from cases.schedulers import BETA_CONFIGS, CASES

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "schedulers"
HEIGHT = WIDTH = 4
PATTERN_SEED = 1234
NOISE_SEED = 77
# How many evenly spaced values of the latents are kept after each step.
KEPT = 6


def encode(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.detach().contiguous().numpy().astype("<f4").tobytes()).decode()


def kept(sample: torch.Tensor) -> torch.Tensor:
    flat = sample.flatten()
    return flat[[i * (flat.numel() - 1) // (KEPT - 1) for i in range(KEPT)]]


def gain(prediction_type: str, timestep: float) -> float:
    """The share of its input that the artificial network returns: about that of a trained one."""
    if prediction_type == "v_prediction":
        return 0.1
    if prediction_type in ("sample", "original_sample"):
        return 1.0 - 0.8 * timestep / 1000
    return 0.05 + 0.9 * timestep / 1000


def network(prediction_type: str, learns_variance: bool, pattern: torch.Tensor):
    def call(sample: torch.Tensor, timestep: float) -> torch.Tensor:
        output = sample * gain(prediction_type, timestep) + pattern * 0.1
        if learns_variance:
            output = torch.cat([output, pattern.abs() * 0.01], dim=1)
        return output

    return call


def make(case: dict):
    config = dict(case["config"])
    name = case.get("name", config.get("_class_name"))
    return getattr(diffusers, name).from_config(config)


# Flow matching classes have no initial sigma and no scaling, and name the forward process `scale_noise`.
def init_noise_sigma(scheduler) -> float:
    return getattr(scheduler, "init_noise_sigma", 1.0)


def scale_model_input(scheduler, sample: torch.Tensor, timestep: torch.Tensor) -> torch.Tensor:
    if not hasattr(scheduler, "scale_model_input"):
        return sample
    return scheduler.scale_model_input(sample, timestep)


def add_noise(scheduler, original: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor):
    if hasattr(scheduler, "scale_noise"):
        return scheduler.scale_noise(original, timesteps, noise)
    return scheduler.add_noise(original, noise, timesteps)


def run(case: dict) -> dict:
    """One loop as diffusers' pipelines run it, from noise or (with a begin index) from an image."""
    scheduler = make(case)
    channels = case.get("channels", 4)
    shape = (1, channels, HEIGHT, WIDTH)
    pattern = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(PATTERN_SEED))
    generator = torch.Generator("cpu").manual_seed(NOISE_SEED)
    options = {name: case[name] for name in ("strength", "mu") if name in case}
    scheduler.set_timesteps(case["steps"], **options)
    config = scheduler.config
    prediction_type = config.get("prediction_type", "epsilon")
    learns_variance = str(config.get("variance_type")).startswith("learned")
    model = network(prediction_type, learns_variance, pattern)
    noise = torch.randn(shape, generator=generator)
    timesteps = scheduler.timesteps
    if "begin" in case:
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(case["begin"])
        timesteps = timesteps[case["begin"] :]
        sample = add_noise(scheduler, pattern, noise, timesteps[:1])
    else:
        sample = noise * init_noise_sigma(scheduler)
    start = sample
    extra = {}
    if "generator" in inspect.signature(scheduler.step).parameters:
        extra["generator"] = generator
    # The pipelines of Stable Diffusion pass it to every scheduler that takes it. TCD has another default.
    if "eta" in inspect.signature(scheduler.step).parameters:
        extra["eta"] = case.get("eta", 0.0)
    trace = []
    for timestep in timesteps:
        scaled = scale_model_input(scheduler, sample, timestep)
        output = model(scaled, timestep.item())
        sample = scheduler.step(output, timestep, sample, **extra).prev_sample
        trace.append(kept(sample))
    result = {
        **case,
        "timesteps": scheduler.timesteps.tolist(),
        "initNoiseSigma": float(init_noise_sigma(scheduler)),
        "start": encode(kept(start)),
        "trace": encode(torch.stack(trace)),
        "final": encode(sample),
        # Shows that both drew equally often.
        "nextNoise": torch.randn(1, generator=generator).item(),
    }
    if not torch.isfinite(sample).all():
        raise ValueError(f"{case} is not finite")
    return result


def betas(config: dict) -> dict:
    alphas = make({"config": config}).alphas_cumprod
    digest = hashlib.sha256(alphas.numpy().astype("<f4").tobytes()).hexdigest()
    return {"config": config, "sha256": digest, "values": encode(kept(alphas)), "count": len(alphas)}


def write(name: str, content: list) -> None:
    lines = ",\n".join(json.dumps(entry) for entry in content)
    (FIXTURES / f"{name}.json").write_text(f"[\n{lines}\n]\n")


def main() -> None:
    warnings.filterwarnings("ignore")
    diffusers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name, cases in CASES.items():
        write(name, [run(case) for case in cases])
    write("betas", [betas(config) for config in BETA_CONFIGS])
    print(sum(len(cases) for cases in CASES.values()), "cases, diffusers", diffusers.__version__)


if __name__ == "__main__":
    main()
