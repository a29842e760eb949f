"""The LoRA files of test/fixtures/loras: naming scheme, changed modules and ranks of each."""

from cases.graphs import CASES as GRAPHS
from cases.pipelines import CASES as PIPELINES
from cases.pipelines import text_encoder

SD1 = {"unet": PIPELINES["sd1"]["unet"], "text_encoder": PIPELINES["sd1"]["text_encoder"]}
SDXL = {
    "unet": GRAPHS["unet-sdxl"]["config"],
    "text_encoder": text_encoder(),
    "text_encoder_2": text_encoder(
        architectures=["CLIPTextModelWithProjection"],
        hidden_act="gelu",
        projection_dim=16,
        num_hidden_layers=2,
    ),
}
SDXL_CALL = {"timeIds": [1024, 1024, 0, 16, 768, 1344]}

ATTENTION = [r"attn[12]\.to_(q|k|v|out\.0)$"]
LINEAR = ATTENTION + [r"ff\.net\.(0\.proj|2)$", r"proj_(in|out)$"]
CONVOLUTIONS = [r"resnets\.\d\.(conv1|conv2|conv_shortcut|time_emb_proj)$", r"samplers\.0\.conv$"]
TEXT = [r"self_attn\.(q|k|v|out)_proj$", r"mlp\.fc[12]$"]
TEXT_ATTENTION = [r"self_attn\.(q|k|v|out)_proj$"]


def lora(style: str, unet: list, text: list, rank: int, **more) -> dict:
    return {"style": style, "unet": unet, "text": text, "rank": rank, "scale": 1.0} | more


KOHYA = lora("kohya", LINEAR + CONVOLUTIONS, TEXT, 4, alpha=2.0, scale=0.8)
PEFT = lora("peft", LINEAR, TEXT_ATTENTION, 3, scale=1.0)

CASES = {
    "kohya": SD1 | {"files": [KOHYA]},
    # LyCORIS' LoCon: ranks of its own for convolutions.
    "kohya-ranks": SD1
    | {"files": [lora("kohya", LINEAR + CONVOLUTIONS, [], 4, alpha=1.0, convolutionRank=2)]},
    "peft": SD1 | {"files": [PEFT]},
    # What diffusers saves today: PEFT's config in the header.
    "peft-metadata": SD1
    | {"files": [lora("peft", ATTENTION, TEXT_ATTENTION, 4, metadata={"alpha": 8, "pattern": {"to_k": 2}})]},
    # Before PEFT: modules named lora.down, and the attention processors before that.
    "diffusers": SD1 | {"files": [lora("diffusers", ATTENTION, TEXT_ATTENTION, 2, scale=0.5)]},
    "processors": SD1 | {"files": [lora("processors", ATTENTION, TEXT_ATTENTION, 2)]},
    "two": SD1 | {"files": [KOHYA | {"text": []}, PEFT | {"scale": -0.3}]},
    # A file that torch.save wrote.
    "torch": SD1
    | {
        "files": [lora("kohya", ATTENTION[:1], [], 1, alpha=2.0, torch=True)],
        "dtype": "F16",
    },
    # SDXL as kohya's scripts name it: the original UNet's blocks, two text encoders.
    "sdxl": SDXL
    | {
        "files": [lora("kohya-sgm", LINEAR + CONVOLUTIONS, TEXT, 2, alpha=1.0)],
        "call": SDXL_CALL,
        "dtype": "F16",
    },
}
