"""Makes test/fixtures/ip-adapters: images of whole pipelines with IP-Adapters.

    python scripts/reference/ip_adapters.py [run ...]

The models are those of pipelines/, the ControlNets those of controlnets/. networks.json has the config and
the shapes of the image encoder, and the shapes of each adapter, whose values are made by the names
`<network>.<tensor>`; runs.json has what was asked for; pixels.bin and pixels.json what CLIPImageProcessor
makes of some images.
"""

import json
import sys
import tempfile
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

from adapted import open_model
from cases.ip_adapters import ADAPTERS, ENCODER, KINDS, RUNS, UNETS
from controlnets import make_network
from shared.random_weights import load_seeded_weights, seeded_weights

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "ip-adapters"
PICTURES = FIXTURES / "pictures"
PIXELS = ["sketch-150x110.png", "sketch-24x40.png"]
SIZE = 30


def make_encoder() -> CLIPVisionModelWithProjection:
    return CLIPVisionModelWithProjection(CLIPVisionConfig(**ENCODER)).eval()


def attention_shapes(config: dict) -> dict[str, list[int]]:
    """The tensors of the layers in a UNet, whose numbers are those of its attention processors."""
    net = diffusers.UNet2DConditionModel.from_config(config)
    shapes = {}
    for number, name in enumerate(net.attn_processors):
        if name.endswith("attn2.processor"):
            layer = net.get_submodule(name.removesuffix(".processor"))
            width = [layer.to_k.out_features, config["cross_attention_dim"]]
            shapes |= {f"ip_adapter.{number}.to_k_ip.weight": width}
            shapes |= {f"ip_adapter.{number}.to_v_ip.weight": width}
    return shapes


def adapter_shapes(name: str) -> dict[str, list[int]]:
    kind, base, _ = ADAPTERS[name]
    return KINDS[kind](UNETS[base]["cross_attention_dim"]) | attention_shapes(UNETS[base])


def write_adapter(folder: Path, name: str) -> str:
    """Writes an adapter as its authors do. Returns the file's name."""
    state = seeded_weights(adapter_shapes(name), name, "F32")
    file = folder / f"{name}{ADAPTERS[name][2]}"
    if file.suffix == ".safetensors":
        save_file(state, file)
    else:
        parts = ("image_proj", "ip_adapter")
        nested = {part: {} for part in parts}
        for key, value in state.items():
            part, own = key.split(".", 1)
            nested[part][own] = value
        torch.save(nested, file)
    return file.name


def image_of(name: str) -> Image.Image:
    return Image.open(PICTURES / name).convert("RGB")


def draw(name: str, run: dict) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        encoder = make_encoder()
        load_seeded_weights(encoder, "encoder", "F32")
        encoder.save_pretrained(folder / "models" / "image_encoder")
        files = [write_adapter(folder / "models", adapter) for adapter in run["adapters"]]
        keywords = {} if "XL" in run["pipeline"] else {"requires_safety_checker": False}
        if "controlnet" in run:
            keywords["controlnet"] = make_network(run["controlnet"])[0]
        kind = getattr(diffusers, run["pipeline"])
        pipe = open_model(folder / "model", run["model"], kind, **keywords)
        pipe.load_ip_adapter(str(folder), subfolder="models", weight_name=files)
    processors = pipe.unet.attn_processors.values()
    assert any(isinstance(one, IPAdapterAttnProcessor2_0) for one in processors)
    pipe.set_ip_adapter_scale(list(run["scales"]))
    pipe.set_progress_bar_config(disable=True)
    keywords = {"width": run["width"], "height": run["height"]}
    if "controlnet" in run:
        keywords["image"] = image_of(run["controlImage"])
    if "initImage" in run:
        # The size is that of the image to begin with.
        keywords = {"image": image_of(run["initImage"])}
    if "strength" in run:
        keywords["strength"] = run["strength"]
    if "imageGuidanceScale" in run:
        keywords["image_guidance_scale"] = run["imageGuidanceScale"]
    if "mask" in run:
        keywords["mask_image"] = Image.open(PICTURES / run["mask"])
    picture = pipe(
        run["prompt"],
        negative_prompt=run["negativePrompt"] or None,
        num_inference_steps=run["steps"],
        guidance_scale=run["guidanceScale"],
        ip_adapter_image=[[image_of(image) for image in images] for images in run["images"]],
        generator=torch.Generator("cpu").manual_seed(run["seed"]),
        **keywords,
    ).images[0]
    assert picture.size == (run["width"], run["height"]), picture.size
    picture.save(FOLDER / f"{name}.png", optimize=True)


def write_pixels() -> None:
    """What CLIPImageProcessor makes of images, float32 [image, 3, SIZE, SIZE]."""
    processor = CLIPImageProcessor(size=SIZE, crop_size=SIZE)
    pixels = processor([image_of(name) for name in PIXELS], return_tensors="np").pixel_values
    (FOLDER / "pixels.bin").write_bytes(np.ascontiguousarray(pixels, dtype="<f4").tobytes())
    (FOLDER / "pixels.json").write_text(json.dumps({"size": SIZE, "images": PIXELS}) + "\n")


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or RUNS:
        draw(name, RUNS[name])
        print(name)
    write_pixels()
    encoder = {"config": ENCODER, "tensors": load_seeded_weights(make_encoder(), "encoder", "F32")}
    adapters = {name: {"ending": ADAPTERS[name][2], "tensors": adapter_shapes(name)} for name in ADAPTERS}
    networks = {"encoder": encoder, **adapters}
    lines = [f"  {json.dumps(name)}: {json.dumps(network)}" for name, network in networks.items()]
    (FOLDER / "networks.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    (FOLDER / "runs.json").write_text(json.dumps(RUNS, indent=2) + "\n")


if __name__ == "__main__":
    main()
