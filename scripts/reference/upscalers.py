"""Makes test/fixtures/upscalers: images that upscalers of the ESRGAN family make, by spandrel.

    python scripts/reference/upscalers.py [network ...]

Needs spandrel. networks.json has the shapes of each network's tensors, by the names of its layout; the values
are made by the names `<network>.<tensor>`, times `gains`, and `fills` has those with one value. spandrel
reads each network from its tensors alone, as Easel does.
"""

import json
import re
import sys
from pathlib import Path

import numpy
import torch
from PIL import Image
from spandrel import ModelLoader
from spandrel.architectures.Compact import Compact
from spandrel.architectures.ESRGAN import ESRGAN

from cases.upscalers import GAIN, MIDDLE, NETWORKS, SIZES, USUAL_SIZE
from shared.random_weights import random_input, seeded_weights

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "upscalers"


def layer_name(index: int, last: int, layout: str) -> str:
    """The name of a numbered layer of the first ESRGAN in a later layout."""
    names = {0: "conv_first", last: "conv_last", last - 2: "HRconv" if layout == "bsrgan" else "conv_hr"}
    return names.get(index, f"{'upconv' if layout == 'bsrgan' else 'conv_up'}{index // 3}")


def layout_name(name: str, last: int, layout: str) -> str:
    """The name of a tensor of spandrel's ESRGAN, which has the first layout, in another one."""
    dense = re.fullmatch(r"model\.1\.sub\.(\d+)\.RDB(\d)\.(conv\d)\.0\.(\w+)", name)
    if dense:
        block, rdb, conv, kind = dense.groups()
        if layout == "bsrgan":
            return f"RRDB_trunk.{block}.RDB{rdb}.{conv}.{kind}"
        return f"body.{block}.rdb{rdb}.{conv}.{kind}"
    kind = name.rsplit(".", 1)[1]
    if name.startswith("model.1.sub."):
        return f"{'trunk_conv' if layout == 'bsrgan' else 'conv_body'}.{kind}"
    return f"{layer_name(int(name.split('.')[1]), last, layout)}.{kind}"


def describe(name: str) -> dict:
    """Shapes, gains and fills of a network's tensors, by the names of its layout."""
    network = NETWORKS[name]
    made = (ESRGAN if network["kind"] == "rrdb" else Compact)(**network["arguments"])
    shapes = {key: list(tensor.shape) for key, tensor in made.state_dict().items()}
    if network["kind"] == "rrdb" and network["layout"] != "old":
        last = max(int(key.split(".")[1]) for key in shapes)
        shapes = {layout_name(key, last, network["layout"]): shape for key, shape in shapes.items()}
    if network["kind"] == "compact":
        # The image itself is added to what the network makes; a PReLU has a slope below 1.
        slopes = {key: 0.2 for key, shape in shapes.items() if len(shape) == 1 and key.endswith(".weight")}
        return {"tensors": shapes, "gains": slopes, "fills": {}}
    weight = list(shapes)[-2]
    return {"tensors": shapes, "gains": {weight: GAIN}, "fills": {weight.replace("weight", "bias"): MIDDLE}}


def state_of(name: str, description: dict) -> dict[str, torch.Tensor]:
    shapes, fills = description["tensors"], description["fills"]
    state = seeded_weights(shapes, name, "F32", description["gains"])
    return state | {key: torch.full(shapes[key], value) for key, value in fills.items()}


def enlarge(name: str, description: dict) -> None:
    model = ModelLoader("cpu").load_from_state_dict(state_of(name, description)).eval()
    description["scale"] = model.scale
    width, height = description["size"] = SIZES.get(name, USUAL_SIZE)
    # Noise says of every pixel whether it is in its place.
    noise = random_input(7, [height, width, 3]) * 60 + 128
    image = Image.fromarray(noise.clamp(0, 255).byte().numpy())
    pixels = torch.from_numpy(numpy.array(image)).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        raw = model.model(pixels)[0]
    inside = ((raw > 0) & (raw < 1)).float().mean()
    deviation = raw.std().item()
    assert inside > 0.6 and deviation > 0.05, (
        f"{name}: {inside:.0%} of the values are not clipped, their deviation is {deviation:.2f}"
    )
    made = (raw.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    image.save(FOLDER / f"{name}.input.png", optimize=True)
    Image.fromarray(made).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    descriptions = {name: describe(name) for name in NETWORKS}
    for name in NETWORKS:
        if name in sys.argv[1:] or len(sys.argv) == 1:
            enlarge(name, descriptions[name])
            print(name)
    lines = [f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in descriptions.items()]
    (FOLDER / "networks.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
