"""Makes test/fixtures/controlnets: images of whole pipelines with ControlNets.

    python scripts/reference/controlnets.py [run ...]

The models are those of pipelines/. networks.json has the config of each ControlNet and the shapes of its
tensors, whose values are made by the names `<network>.<tensor>`; runs.json has what was asked for.
"""

import json
import sys
import tempfile
from pathlib import Path

import diffusers
import torch
from diffusers import ControlNetModel
from PIL import Image
from safetensors.torch import save_file

from adapted import open_model
from cases.controlnets import NETWORKS, RUNS
from shared.original_names import original_controlnet_name
from shared.random_weights import load_seeded_weights, seeded_weights

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "controlnets"
PICTURES = FIXTURES / "pictures"

# With random weights, little would be left of the control image after its layers.
GAINS = {"controlnet_cond_embedding.conv_out.weight": 60.0}


def make_network(name: str) -> tuple[torch.nn.Module, dict]:
    """The ControlNet, and what the tests need to write its files."""
    network = NETWORKS[name]
    config = network["config"]
    net = ControlNetModel.from_config(config).eval()
    shapes = load_seeded_weights(net, name, "F32", GAINS)
    if "original" not in network:
        return net, {"config": config, "tensors": shapes, "gains": GAINS}
    layers = config["layers_per_block"]
    tensors = {f"control_model.{original_controlnet_name(key, layers)}": key for key in shapes}
    tensors = {original: shapes[key] for original, key in sorted(tensors.items())}
    gains = {f"control_model.{original_controlnet_name(key, layers)}": gain for key, gain in GAINS.items()}
    return from_original(name, config, tensors, gains), {"tensors": tensors, "gains": gains}


def from_original(
    name: str, config: dict, tensors: dict[str, list[int]], gains: dict[str, float]
) -> torch.nn.Module:
    state = seeded_weights(tensors, name, "F32", gains)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "config.json").write_text(json.dumps(config))
        save_file(state, folder / "control.safetensors")
        file = str(folder / "control.safetensors")
        return ControlNetModel.from_single_file(file, config=temporary, torch_dtype=torch.float32).eval()


def image_of(name: str) -> Image.Image:
    return Image.open(PICTURES / name).convert("RGB")


def draw(name: str, run: dict, nets: dict[str, torch.nn.Module]) -> None:
    controls = [nets[network] for network in run["networks"]]
    images = [image_of(file) for file in run["controlImages"]]
    scales, starts, ends = (run[key] for key in ("scales", "starts", "ends"))
    several = len(controls) > 1
    size = {"width": run["width"], "height": run["height"]}
    with tempfile.TemporaryDirectory() as temporary:
        kind = getattr(diffusers, run["pipeline"])
        keywords = {} if "XL" in run["pipeline"] else {"requires_safety_checker": False}
        controlnet = controls if several else controls[0]
        pipe = open_model(Path(temporary), run["model"], kind, controlnet=controlnet, **keywords)
    pipe.set_progress_bar_config(disable=True)
    if "scheduler" in run:
        pipe.scheduler = getattr(diffusers, run["scheduler"]).from_config(pipe.scheduler.config)
    images = images if several else images[0]
    keywords = size | {"image": images}
    if "initImage" in run:
        # Image to image takes the size of the image that it begins with.
        start = {"image": image_of(run["initImage"]), "control_image": images, "strength": run["strength"]}
        keywords |= start
    if "mask" in run:
        keywords["mask_image"] = Image.open(PICTURES / run["mask"])
    picture = pipe(
        run["prompt"],
        negative_prompt=run["negativePrompt"] or None,
        num_inference_steps=run["steps"],
        guidance_scale=run["guidanceScale"],
        controlnet_conditioning_scale=scales if several else scales[0],
        control_guidance_start=starts if several else starts[0],
        control_guidance_end=ends if several else ends[0],
        generator=torch.Generator("cpu").manual_seed(run["seed"]),
        **keywords,
    ).images[0]
    assert picture.size == (run["width"], run["height"]), picture.size
    picture.save(FOLDER / f"{name}.png", optimize=True)


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = {name: make_network(name) for name in NETWORKS}
    nets = {name: net for name, (net, _) in made.items()}
    for name in sys.argv[1:] or RUNS:
        draw(name, RUNS[name], nets)
        print(name)
    networks = [f"  {json.dumps(name)}: {json.dumps(description)}" for name, (_, description) in made.items()]
    (FOLDER / "networks.json").write_text("{\n" + ",\n".join(networks) + "\n}\n")
    (FOLDER / "runs.json").write_text(json.dumps(RUNS, indent=2) + "\n")


if __name__ == "__main__":
    main()
