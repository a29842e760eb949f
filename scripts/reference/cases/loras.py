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

# Layers of the UNet for LyCORIS, by the ends of their names.
QUERY, KEYS, VALUES, OUT = (rf"attn[12]\.to_{name}$" for name in ("q", "k", "v", r"out\.0"))
FEED_FORWARD, PROJECTIONS = r"ff\.net\.(0\.proj|2)$", r"proj_(in|out)$"


def rule(layers: str, kind: str, **options) -> dict:
    """LyCORIS' arguments for the layers of these names."""
    return {"layers": layers, "kind": kind, "options": options}


def low(layers: str, kind: str, rank: int, **options) -> dict:
    return rule(layers, kind, lora_dim=rank, alpha=rank / 2, **options)


# Each kind on linear layers and on convolutions, whole and decomposed: as a preset of LyCORIS mixes them.
LYCORIS = {
    "scale": 0.7,
    "rules": {
        "unet": [
            low(QUERY, "loha", 4),
            low(KEYS, "lokr", 1, factor=4),
            low(VALUES, "lokr", 2, factor=2, full_matrix=True),
            low(OUT, "lokr", 1, factor=8, decompose_both=True),
            low(FEED_FORWARD, "glora", 2),
            low(PROJECTIONS, "glora", 3),
            low(r"down.*resnets\.\d\.conv1$", "loha", 2, use_tucker=True),
            low(r"up.*resnets\.\d\.conv1$", "loha", 3),
            low(r"down.*resnets\.\d\.conv2$", "lokr", 2, factor=4, use_tucker=True),
            low(r"up.*resnets\.\d\.conv2$", "lokr", 1, factor=2),
            low(r"mid.*resnets\.\d\.conv1$", "lokr", 9, factor=4),
            low(r"mid.*resnets\.\d\.conv2$", "locon", 3, use_tucker=True),
            low(r"samplers\.0\.conv$", "glora", 2),
            rule(r"resnets\.0\.conv_shortcut$", "ia3"),
            rule(r"resnets\.1\.conv_shortcut$", "ia3", train_on_input=True),
            rule(r"down.*time_emb_proj$", "ia3", train_on_input=True),
            rule(r"up.*time_emb_proj$", "ia3"),
            rule(r"mid.*time_emb_proj$", "full"),
            rule(r"conv_out$", "full"),
            rule(r"resnets\.\d\.norm[12]$|transformer_blocks\.0\.norm\d$", "norm"),
        ],
        "text_encoder": [
            low(r"self_attn\.(q|k)_proj$", "loha", 2),
            low(r"mlp\.fc[12]$", "lokr", 2, factor=4),
        ],
    },
}
# DoRA by rows and by inputs, at scale 1: at another scale, tools differ. diffusers leaves `dora_scale` out.
DECOMPOSED = {
    "scale": 1.0,
    "rules": {
        "unet": [
            low(QUERY, "locon", 2, weight_decompose=True),
            low(KEYS, "loha", 2, weight_decompose=True, wd_on_out=False),
            low(VALUES, "lokr", 1, factor=4, weight_decompose=True),
            low(FEED_FORWARD, "lokr", 2, factor=4, weight_decompose=True, wd_on_out=False),
            low(r"resnets\.\d\.conv1$", "locon", 2, weight_decompose=True, wd_on_out=False),
            low(r"resnets\.\d\.conv2$", "loha", 2, use_tucker=True, weight_decompose=True),
        ],
    },
}


def tuner(name: str, targets: list[str], scale: float = 1.0, **options) -> dict:
    return {"tuner": name, "scale": scale, "options": {"target_modules": targets} | options}


# What diffusers' dictionary says of the parts, and the same as Easel's weights.
DICTIONARY = {"unet": {"down": 0.8, "mid": 0.1, "up": {"block_1": [0.3, -0.4]}}, "text_encoder": 0.5}
WEIGHTS = {"down": 0.8, "mid": 0.1, "up.1.0": 0.3, "up.1.1": -0.4, "text": 0.5}

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
    "dora": SD1
    | {
        "files": [
            lora("peft", LINEAR + [r"conv1$"], [], 2, scale=0.6, dora=True)
            | {"metadata": {"alpha": 4, "pattern": {}, "use_dora": True, "use_rslora": True}}
        ]
    },
    "weights": SD1 | {"files": [PEFT | {"dictionary": DICTIONARY, "weights": WEIGHTS}]},
    "lycoris": SD1 | {"files": [LYCORIS]},
    "lycoris-dora": {"unet": SD1["unet"], "files": [DECOMPOSED]},
    # PEFT's own tuners, with the config that it saves beside the file.
    "tuners": {
        "unet": SD1["unet"],
        "files": [
            tuner(
                "loha", ["to_q", "conv1"], r=2, alpha=3, use_effective_conv2d=True, alpha_pattern={"conv1": 1}
            ),
            tuner("lokr", ["to_k", "conv2", "to_out.0"], r=2, alpha=5, use_effective_conv2d=True),
            tuner("lokr", ["net.2"], r=16, alpha=8),
            tuner(
                "ia3",
                ["to_v", "net.0.proj", "conv_shortcut", "proj_in", "time_emb_proj"],
                feedforward_modules=["net.0.proj", "proj_in"],
            ),
        ],
    },
}
