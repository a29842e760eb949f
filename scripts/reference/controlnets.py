"""Makes test/fixtures/controlnets: images of whole pipelines with ControlNets and T2I-Adapters.

    python scripts/reference/controlnets.py [run ...]

The models are those of pipelines/. networks.json has the config of each network and the shapes of its
tensors, whose values are made by the names `<network>.<tensor>`; runs.json has what was asked for.
"""

import json
import sys
import tempfile
from pathlib import Path

import diffusers
import torch
from diffusers import ControlNetModel, MultiAdapter, T2IAdapter
from diffusers.pipelines.t2i_adapter.pipeline_stable_diffusion_adapter import _preprocess_adapter_image
from PIL import Image
from safetensors.torch import save_file

from adapted import open_model
from cases.controlnets import NETWORKS, RUNS
from shared.original_names import original_adapter_name, original_controlnet_name
from shared.random_weights import load_seeded_weights, seeded_weights

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "controlnets"
PICTURES = FIXTURES / "pictures"

# With random weights, little would be left of the control image after its layers.
GAINS = {"controlnet_cond_embedding.conv_out.weight": 60.0}


def make_network(name: str) -> tuple[torch.nn.Module, dict]:
    """The network, and what the tests need to write its files."""
    network = NETWORKS[name]
    config = network["config"]
    if config["_class_name"] == "T2IAdapter":
        return make_adapter(name, config, "original" in network)
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


def make_adapter(name: str, config: dict, is_original: bool) -> tuple[torch.nn.Module, dict]:
    net = T2IAdapter.from_config(config).eval()
    shapes = {key: list(tensor.shape) for key, tensor in net.state_dict().items()}
    stored = {key: original_adapter_name(key, config) if is_original else key for key in shapes}
    tensors = {stored[key]: shape for key, shape in shapes.items()}
    weights = seeded_weights(tensors, name, "F32")
    net.load_state_dict({key: weights[stored[key]] for key in shapes})
    return net, ({} if is_original else {"config": config}) | {"tensors": tensors, "gains": {}}


def image_of(name: str) -> Image.Image:
    return Image.open(PICTURES / name).convert("RGB")


def adapter_image(file: str, net: T2IAdapter) -> Image.Image:
    """What the pipelines want: an adapter of one channel is given a grey image."""
    image = image_of(file)
    return image.convert("L") if net.config.in_channels == 1 else image


def give_features(pipe, run: dict, net: T2IAdapter, file: str, scale: float) -> None:
    """The UNet of any pipeline is given an adapter's features, as those of adapters do it."""
    image = _preprocess_adapter_image(adapter_image(file, net), run["height"], run["width"])
    features = [feature * scale for feature in net(image)]
    forward = pipe.unet.forward

    def with_features(sample: torch.Tensor, *arguments, **keywords):
        rows = [feature.repeat(sample.shape[0], 1, 1, 1) for feature in features]
        return forward(sample, *arguments, down_intrablock_additional_residuals=rows, **keywords)

    pipe.unet.forward = with_features


def draw_with_adapters(name: str, run: dict, nets: dict[str, torch.nn.Module]) -> None:
    adapters = [nets[network] for network in run["networks"]]
    images = [adapter_image(*pair) for pair in zip(run["controlImages"], adapters, strict=True)]
    several = len(adapters) > 1
    with tempfile.TemporaryDirectory() as temporary:
        adapter = MultiAdapter(adapters) if several else adapters[0]
        pipe = open_pipeline(Path(temporary), run, adapter=adapter)
    keywords = {"adapter_conditioning_factor": run["ends"][0]} if "XL" in run["pipeline"] else {}
    if run["scales"]:
        keywords["adapter_conditioning_scale"] = run["scales"] if several else run["scales"][0]
    save(
        name,
        run,
        pipe,
        image=images if several else images[0],
        width=run.get("width"),
        height=run.get("height"),
        **keywords,
    )


def open_pipeline(folder: Path, run: dict, **parts):
    kind = getattr(diffusers, run["pipeline"])
    keywords = {} if "XL" in run["pipeline"] else {"requires_safety_checker": False}
    pipe = open_model(folder, run["model"], kind, **parts, **keywords)
    pipe.set_progress_bar_config(disable=True)
    if "scheduler" in run:
        pipe.scheduler = getattr(diffusers, run["scheduler"]).from_config(pipe.scheduler.config)
    return pipe


def save(name: str, run: dict, pipe, **keywords) -> None:
    picture = pipe(
        run["prompt"],
        negative_prompt=run["negativePrompt"] or None,
        num_inference_steps=run["steps"],
        guidance_scale=run["guidanceScale"],
        generator=torch.Generator("cpu").manual_seed(run["seed"]),
        **keywords,
    ).images[0]
    assert "width" not in run or picture.size == (run["width"], run["height"]), picture.size
    picture.save(FOLDER / f"{name}.png", optimize=True)


def draw(name: str, run: dict, nets: dict[str, torch.nn.Module]) -> None:
    if "Adapter" in run["pipeline"]:
        draw_with_adapters(name, run, nets)
    else:
        draw_with_controlnets(name, run, nets)


def draw_with_controlnets(name: str, run: dict, nets: dict[str, torch.nn.Module]) -> None:
    """With adapters too: no pipeline of diffusers has both, and none of them begins with an image."""
    scales = run["scales"] or [None] * len(run["networks"])
    parts = zip(run["networks"], run["controlImages"], scales, run["starts"], run["ends"], strict=True)
    parts = [(nets[network], *values) for network, *values in parts]
    adapters = [part for part in parts if isinstance(part[0], T2IAdapter)]
    controls = [part for part in parts if not isinstance(part[0], T2IAdapter)]
    nets_of, files, scales, starts, ends = zip(*controls, strict=True) if controls else [()] * 5
    images = [image_of(file) for file in files]

    def one_or_all(values) -> object:
        return list(values) if len(controls) > 1 else values[0]

    with tempfile.TemporaryDirectory() as temporary:
        parts = {"controlnet": one_or_all(nets_of)} if controls else {}
        pipe = open_pipeline(Path(temporary), run, **parts)
    for net, file, scale, _, end in adapters:
        assert end == 1.0
        give_features(pipe, run, net, file, scale)
    keywords = {"width": run.get("width"), "height": run.get("height")}
    if controls:
        keywords |= {
            "image": one_or_all(images),
            "control_guidance_start": one_or_all(starts),
            "control_guidance_end": one_or_all(ends),
        }
        if run["scales"]:
            keywords["controlnet_conditioning_scale"] = one_or_all(scales)
    if "initImage" in run:
        # Image to image takes the size of the image that it begins with.
        controlled = {"control_image": keywords["image"]} if controls else {}
        keywords |= {"image": image_of(run["initImage"])} | controlled
        if "strength" in run:
            keywords["strength"] = run["strength"]
    if "mask" in run:
        keywords["mask_image"] = Image.open(PICTURES / run["mask"])
    elif run["pipeline"] == "StableDiffusionImg2ImgPipeline":
        del keywords["width"], keywords["height"]
    save(name, run, pipe, **keywords)


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
