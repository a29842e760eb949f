"""One measurement of diffusers on PyTorch's CPU, in float32; bench/easel.ts is its counterpart.

Arguments: the component, its folder, the batch, unused, how many runs to make, where to write the output.
Prints one line of JSON.
"""

import json
import resource
import sys
import time

import torch

component, folder, batch, _, made, output = sys.argv[1:]
batch, made = int(batch), int(made)


def randn(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))


def load(kind: str, **options):
    import diffusers  # noqa: PLC0415 -- a measurement counts the import of the library that it uses only

    options = {"torch_dtype": torch.float32, "variant": "fp16"} | options
    return getattr(diffusers, kind).from_pretrained(folder, **options).eval()


def make_call():
    if component == "unet":
        model = load("UNet2DConditionModel")
        config = model.config
        sample = randn(0, batch, config.in_channels, config.sample_size, config.sample_size)
        states, more = randn(2, batch, 77, config.cross_attention_dim), {}
        if config.time_cond_proj_dim is not None:
            more["timestep_cond"] = randn(3, batch, config.time_cond_proj_dim)
        if config.addition_embed_type == "text_time":
            width = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
            added = {"text_embeds": randn(3, batch, width), "time_ids": randn(4, batch, 6)}
            more["added_cond_kwargs"] = added
        return lambda: model(sample, 601, states, **more).sample
    if component == "text_encoder":
        from transformers import CLIPTextModel  # noqa: PLC0415 -- see load

        model = CLIPTextModel.from_pretrained(folder, dtype=torch.float32, variant="fp16").eval()
        ids = torch.tensor([[49407 - i for i in range(77)]] * batch)
        return lambda: model(ids).last_hidden_state
    model = load("AutoencoderKL" if component == "vae" else "AutoencoderTiny")
    latents = randn(0, batch, 4, 64, 64)
    return lambda: model.decode(latents).sample


with torch.inference_mode():
    call = make_call()
    run_seconds, first_at = [], 0
    for run in range(made):
        started = time.perf_counter()
        result = call()
        run_seconds.append(time.perf_counter() - started)
        if run == 0:
            first_at = time.time() * 1000
            result.numpy().tofile(output)

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
peak_bytes = peak if sys.platform == "darwin" else peak * 1024
print(json.dumps({"firstAt": first_at, "runSeconds": run_seconds, "peakBytes": peak_bytes}))
