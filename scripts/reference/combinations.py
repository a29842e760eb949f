"""Draws random combinations of options with diffusers and with Easel, and prints those that differ.

    node esbuild.js && python scripts/reference/combinations.py [COUNT [FIRST]]     (needs peft and scipy)

Nothing is written to test/fixtures. Combination N is always the same, so FIRST repeats one that differed. The
models are those of pipelines/, the other networks those of controlnets/ and ip-adapters/.
"""

import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import diffusers
import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

from adapted import open_model
from controlnets import make_network
from ip_adapters import make_encoder, write_adapter
from shared.random_weights import load_seeded_weights, random_weight

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "test" / "fixtures" / "pictures"
SKETCH = PICTURES / "sketch.png"
CONTROL = PICTURES / "sketch-150x110.png"
# Rounding of the last digit.
MOST = 1
# What the weights of LoRAs are multiplied by. With larger ones, the network enlarges rounding from step to
# step: diffusers then differs from itself where its first latents change by 1e-7.
SMALL = 0.3

SCHEDULERS = [
    "DDIMScheduler",
    "DDPMScheduler",
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler",
    "EulerAncestralDiscreteScheduler",
    "EulerDiscreteScheduler",
    "HeunDiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "KDPM2DiscreteScheduler",
    "LCMScheduler",
    "LMSDiscreteScheduler",
    "PNDMScheduler",
    "SASolverScheduler",
    "TCDScheduler",
    "UniPCMultistepScheduler",
]
SIZES = [(64, 64), (64, 48), (80, 64), (48, 96)]
PROMPTS = ["a red apple on a table", 'a (blue) cup, "x" — é', "cat", ""]
TASKS = {"text": "", "image": "Img2Img", "inpaint": "Inpaint"}
FREEU = {"s1": 0.9, "s2": 0.2, "b1": 1.2, "b2": 1.4}
CONTROLS = {"sd1": ["lines", "depth"], "sdxl": ["sdxl"]}


@dataclass
class Combination:
    """What is asked of both: of diffusers by keywords of its call, of Easel by arguments."""

    model: str
    task: str
    scheduler: str
    seed: int
    prompt: str
    keywords: dict = field(default_factory=dict)
    arguments: list = field(default_factory=list)
    # The networks beside the model, and what else is changed in the pipeline.
    control: str | None = None
    # The name of an IP-Adapter, and its scale.
    adapter: tuple[str, float] | None = None
    # The scale of a LoRA.
    lora: float | None = None
    freeu: bool = False
    pag: bool = False

    @property
    def pipeline(self) -> str:
        xl = "XL" if self.model == "sdxl" else ""
        parts = ["ControlNet" if self.control else "", "PAG" if self.pag else "", TASKS[self.task]]
        return f"StableDiffusion{xl}{''.join(parts)}Pipeline"


def combination(number: int) -> Combination:
    """What diffusers can do of a random choice of models, options and networks."""
    draw = random.Random(number)

    def chance(share: float) -> bool:
        return draw.random() < share

    model = draw.choice(["sd1", "sd1", "sd2", "sdxl"])
    task = draw.choice(["text", "text", "image", "inpaint"])
    scheduler = draw.choice(SCHEDULERS)
    one = Combination(model, task, scheduler, draw.randrange(2**40), draw.choice(PROMPTS))

    def ask(keyword: str, value, option: str = "", argument=None) -> None:
        one.keywords[keyword] = value
        one.arguments += [f"--{option or keyword.replace('_', '-')}", argument or value]

    ask("num_inference_steps", draw.randint(4, 7), "steps")
    ask("guidance_scale", draw.choice([0.0, 1.0, 2.5, 7.5, 12.0]))
    width, height = draw.choice(SIZES)
    ask("width", width)
    ask("height", height)
    if chance(0.5):
        ask("negative_prompt", "blurry, ugly")
    if chance(0.3):
        ask("clip_skip", 1)
    if task != "text":
        ask("strength", draw.choice([0.3, 0.55, 0.8, 1.0]))
    if scheduler in ("DDIMScheduler", "TCDScheduler") and chance(0.7):
        ask("eta", 0.5)
    if model == "sdxl" and chance(0.3):
        ask("prompt_2", "a green pear")
    if model == "sdxl" and chance(0.3):
        ask("original_size", (100, 200), argument="200x100")
    one.lora = draw.choice([0.6, 1.0]) if chance(0.25) else None
    one.freeu = chance(0.2)
    if model in CONTROLS and chance(0.35):
        one.control = draw.choice(CONTROLS[model])
        ask("controlnet_conditioning_scale", draw.choice([0.6, 1.0, 1.7]))
        ask("control_guidance_start", draw.choice([0.0, 0.3]))
        ask("control_guidance_end", draw.choice([0.6, 1.0]))
    if model in CONTROLS and chance(0.25):
        one.adapter = (f"{model}-{draw.choice(['plain', 'plus', 'full'])}", draw.choice([0.5, 1.0]))
    one.pag = model != "sd2" and (task == "text" or not one.control) and chance(0.25)
    if one.pag:
        ask("pag_scale", 3.0)
    elif task == "text" and not one.control and chance(0.25):
        ask("guidance_rescale", 0.7)
    return one


def write_lora(unet: torch.nn.Module, file: Path) -> None:
    """A LoRA of rank 4 for every linear layer of the transformers, as diffusers saves it."""
    state = {}
    for name, layer in unet.named_modules():
        if isinstance(layer, torch.nn.Linear) and "attentions" in name:
            shapes = {"A": [4, layer.in_features], "B": [layer.out_features, 4]}
            state |= {
                f"unet.{name}.lora_{side}.weight": SMALL * random_weight(f"{name}.{side}", shape, "F32")
                for side, shape in shapes.items()
            }
    save_file(state, file)


def open_reference(one: Combination, folder: Path):
    """The pipeline of diffusers; everything is written to the folder, for Easel too."""
    keywords = {} if one.model == "sdxl" else {"requires_safety_checker": False}
    if one.control:
        keywords["controlnet"], _ = make_network(one.control)
        keywords["controlnet"].save_pretrained(folder / "control")
    pipe = open_model(folder / "model", one.model, getattr(diffusers, one.pipeline), **keywords)
    pipe.set_progress_bar_config(disable=True)
    pipe.scheduler = getattr(diffusers, one.scheduler).from_config(pipe.scheduler.config)
    if not hasattr(pipe.text_encoder, "text_model"):
        # diffusers' clip_skip looks for the layers where older versions of transformers have them.
        type(pipe.text_encoder).text_model = property(lambda encoder: encoder)
    if one.lora:
        write_lora(pipe.unet, folder / "lora.safetensors")
        pipe.load_lora_weights(str(folder / "lora.safetensors"), adapter_name="lora")
        pipe.set_adapters(["lora"], [one.lora])
    if one.adapter:
        name, scale = one.adapter
        encoder = make_encoder()
        load_seeded_weights(encoder, "encoder", "F32")
        encoder.save_pretrained(folder / "models" / "image_encoder")
        file = write_adapter(folder / "models", name)
        pipe.load_ip_adapter(str(folder), subfolder="models", weight_name=file)
        pipe.set_ip_adapter_scale(scale)
    if one.freeu:
        pipe.enable_freeu(**FREEU)
    return pipe


def draw_reference(one: Combination, folder: Path) -> Image.Image:
    pipe = open_reference(one, folder)
    keywords = dict(one.keywords)
    size = keywords["width"], keywords["height"]
    if one.task != "text":
        keywords["image"] = Image.open(SKETCH).convert("RGB").resize(size, Image.Resampling.LANCZOS)
        keywords["image"].save(folder / "initial.png")
    if one.task == "image" and not one.control:
        # The size is that of the image to begin with.
        del keywords["width"], keywords["height"]
    if one.task == "inpaint":
        keywords["mask_image"] = Image.new("L", size)
        keywords["mask_image"].paste(255, (8, 8, size[0] // 2 + 8, size[1] - 8))
        keywords["mask_image"].save(folder / "mask.png")
    if one.control:
        keywords["image" if one.task == "text" else "control_image"] = Image.open(CONTROL).convert("RGB")
    if one.adapter:
        keywords["ip_adapter_image"] = Image.open(SKETCH).convert("RGB")
    generator = torch.Generator("cpu").manual_seed(one.seed)
    return pipe(one.prompt, generator=generator, **keywords).images[0]


def draw_with_easel(one: Combination, folder: Path) -> Image.Image:
    """Raises RuntimeError with what Easel says."""
    arguments = ["--model", folder / "model", "--scheduler", one.scheduler, "--seed", one.seed]
    arguments += [*one.arguments, "--device", "cpu", "--speed", "exact", "--precision", "full"]
    if one.task != "text":
        arguments += ["--init-image", folder / "initial.png"]
    if one.task == "inpaint":
        arguments += ["--mask", folder / "mask.png"]
    if one.control:
        arguments += ["--controlnet", folder / "control", "--control-image", CONTROL]
    if one.adapter:
        name, scale = one.adapter
        file = folder / "models" / f"{name}.safetensors"
        arguments += ["--ip-adapter", file, "--ip-adapter-image", SKETCH, "--ip-adapter-scale", scale]
    if one.lora:
        arguments += ["--lora", f"{folder / 'lora.safetensors'}:{one.lora}"]
    if one.freeu:
        arguments += ["--freeu", ",".join(str(value) for value in FREEU.values())]
    command = ["node", ROOT / "dist" / "cli.js", "generate", one.prompt, *arguments]
    command += ["--output", folder / "drawn.png", "--json"]
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError(json.loads(ended.stdout.splitlines()[-1])["message"])
    return Image.open(folder / "drawn.png").convert("RGB")


def difference(first: Image.Image, second: Image.Image) -> int:
    """The largest difference of two values, of 255."""
    values = [np.asarray(image.convert("RGB"), dtype=int) for image in (first, second)]
    return int(np.abs(values[0] - values[1]).max())


@torch.no_grad()
def main() -> int:
    diffusers.logging.set_verbosity_error()
    given = [int(argument) for argument in sys.argv[1:]]
    count, first = given + [100, 0][len(given) :]
    differing = 0
    for number in range(first, first + count):
        one = combination(number)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            expected = draw_reference(one, folder)
            found = difference(expected, draw_with_easel(one, folder))
        if found > MOST:
            differing += 1
            print(f"{number}: differs by {found} of 255: {one}", flush=True)
    print(f"{count - differing} equal, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
