"""Makes test/fixtures/embeddings: textual inversions in the published formats, and the outputs of diffusers.

    python scripts/reference/embeddings.py

The files are real ones (a few kB); the text encoder's weights are those of shared/random_weights.py.
"""

import json
import shutil
import tempfile
from pathlib import Path

import diffusers
import torch
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from cases.small_configs import text_encoder, unet, vae
from shared.fixture_arrays import Arrays
from shared.random_weights import random_weight

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
FOLDER = FIXTURES / "embeddings"

PROMPTS = [
    "a <Red-Apple> on a table",
    "photo, bad_hands, <red-apple>",
    "easynegative",
    "BAD_HANDS and bad_hands bad_hands",
    "bad_hands " * 40,
]


def vectors(name: str, count: int) -> torch.Tensor:
    return random_weight(name, [count, 32], "F32")


def write_files() -> list[dict]:
    """Each file with the token to give diffusers, where its own rule for a name differs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    # textual_inversion.py of diffusers.
    torch.save({"<Red-Apple>": vectors("apple", 1)[0]}, FOLDER / "learned_embeds.bin")
    # AUTOMATIC1111.
    a1111 = {
        "string_to_token": {"*": 265},
        "string_to_param": {"*": torch.nn.Parameter(vectors("hands", 3))},
        "name": "other",
        "step": 1000,
        "sd_checkpoint": None,
        "sd_checkpoint_name": None,
    }
    torch.save(a1111, FOLDER / "bad_hands.pt")
    # The first scripts (2022) kept the vectors in a module.
    parameters = torch.nn.ParameterDict({"*": torch.nn.Parameter(vectors("hands", 3))})
    token = {"*": torch.tensor(265)}
    torch.save({"string_to_token": token, "string_to_param": parameters}, FOLDER / "module.pt")
    save_file({"emb_params": vectors("easy", 2).half()}, FOLDER / "EasyNegative.safetensors")
    return [
        {"file": "learned_embeds.bin"},
        {"file": "bad_hands.pt", "token": "bad_hands"},
        {"file": "EasyNegative.safetensors", "token": "easynegative"},
    ]


def text_model(config: dict, dtype: str) -> tuple[CLIPTextModel, dict]:
    model = CLIPTextModel(CLIPTextConfig(**config)).eval()
    shapes, state = {}, {}
    for name, value in model.state_dict().items():
        if name.endswith("position_ids"):
            continue
        stored = f"text_model.{name.removeprefix('text_model.')}"
        shapes[stored] = list(value.shape)
        state[name] = random_weight(stored, shapes[stored], dtype).float()
    model.load_state_dict(state, strict=False)
    return model, shapes


@torch.no_grad()
def main() -> None:
    files = write_files()
    config, dtype = text_encoder(), "F16"
    model, shapes = text_model(config, dtype)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("small", "sd1"):
            shutil.copytree(FIXTURES / "tokenizers" / name, folder, dirs_exist_ok=True)
        tokenizer = CLIPTokenizer.from_pretrained(folder)
    pipe = diffusers.StableDiffusionPipeline(
        vae=diffusers.AutoencoderKL.from_config(vae()),
        text_encoder=model,
        tokenizer=tokenizer,
        unet=diffusers.UNet2DConditionModel.from_config(unet()),
        scheduler=diffusers.DDIMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    for file in files:
        pipe.load_textual_inversion(str(FOLDER / file["file"]), token=file.get("token"))
    arrays = Arrays()
    for index, prompt in enumerate(PROMPTS):
        text = pipe.maybe_convert_prompt(prompt, tokenizer)
        ids = tokenizer(text, padding="max_length", truncation=True, max_length=77).input_ids
        ids = arrays.add(f"{index}.input_ids", torch.tensor([ids]))
        arrays.add(f"{index}.last_hidden_state", model(ids.long()).last_hidden_state)
    case = {"dtype": dtype, "config": config, "tensors": shapes, "files": files}
    case |= {"prompts": PROMPTS, "arrays": arrays.table}
    (FOLDER / "case.json").write_text(json.dumps(case) + "\n")
    (FOLDER / "reference.bin").write_bytes(arrays.bytes())


if __name__ == "__main__":
    main()
