"""Runs small random models with diffusers and saves every stage as a reference.

    python scripts/reference/pipelines.py [case ...]     (diffusers 0.42, transformers 5, torch 2 on the CPU)

For each case of cases/pipelines.py this writes test/fixtures/pipelines/<case>/: the configs of a model
folder; tensors.json (component -> tensor -> shape; the values come from shared/random_weights.py); case.json
(type of the weights, tokenizers); reference.json (the runs, and where each array lies in reference.bin,
little-endian); and the images. test/support/fixture.ts reads all of it.
"""

import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import diffusers
import numpy
import torch
import transformers
from safetensors.torch import load_file, save_file

from cases.pipelines import CASES
from shared.component_references import component_arrays
from shared.fixture_arrays import Arrays
from shared.pipeline_stages import draw
from shared.random_weights import loadable_weight, random_weight
from shared.refined_stages import draw_refined, open_base

FIXTURES = pathlib.Path(__file__).parents[2] / "test" / "fixtures"
PARTS = ("text_encoder", "text_encoder_2", "unet", "vae")
TOKENIZERS = ("tokenizer", "tokenizer_2")
SCHEDULERS = ("scheduler", "low_res_scheduler")
OLD_NAMES = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
PIPELINE = "StableDiffusionPipeline"
TRANSFORMERS = ("CLIPTextModel", "CLIPTextModelWithProjection")


def write_json(path: pathlib.Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_table(path: pathlib.Path, table: dict[str, dict]) -> None:
    """JSON with one line for each entry of the inner objects."""
    blocks = []
    for part, entries in table.items():
        lines = [f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]
        blocks.append(f"  {json.dumps(part)}: {{\n" + ",\n".join(lines) + "\n  }")
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n", encoding="utf-8")


def class_name(config: dict) -> str:
    return config.get("_class_name") or config["architectures"][0]


def shapes_of(config: dict, bare_names: bool, old_names: bool) -> dict[str, list[int]]:
    """Names and shapes as a published file has them, found by building the model."""
    name = class_name(config)
    if name in TRANSFORMERS:
        model = getattr(transformers, name)(transformers.CLIPTextConfig(**config))
    else:
        model = getattr(diffusers, name).from_config(config)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        file = next(pathlib.Path(folder).glob("*.safetensors"))
        shapes = {key: list(value.shape) for key, value in load_file(file).items()}
    if name == "CLIPTextModel" and not bare_names:
        # Published files have this prefix; transformers 5 saves without it and reads both.
        shapes = {"text_model." + key: shape for key, shape in shapes.items()}
    if name == "AutoencoderKL" and old_names:
        shapes = {old_name(key): shape for key, shape in shapes.items()}
    return dict(sorted(shapes.items()))


def old_name(name: str) -> str:
    """What the attention of a VAE was called before diffusers 0.18."""
    for new, old in OLD_NAMES.items():
        name = name.replace(f".attentions.0.{new}.", f".attentions.0.{old}.")
    return name


def write_folder(folder: pathlib.Path, case: dict) -> dict[str, dict[str, list[int]]]:
    """Writes the configs of a model folder; returns the shapes of each component."""
    libraries = {"feature_extractor": [None, None], "safety_checker": [None, None]}
    shapes = {}
    for part in PARTS:
        if part not in case:
            continue
        config = case[part]
        library = "transformers" if class_name(config) in TRANSFORMERS else "diffusers"
        libraries[part] = [library, class_name(config)]
        write_json(folder / part / "config.json", config)
        old_names = case.get("oldAttentionNames", False)
        shapes[part] = shapes_of(config, case.get("bareNames", False), old_names)
    for part in SCHEDULERS:
        if part in case:
            libraries[part] = ["diffusers", class_name(case[part])]
            write_json(folder / part / "scheduler_config.json", case[part])
    for part in TOKENIZERS:
        if part in case:
            libraries[part] = ["transformers", "CLIPTokenizer"]
    pipeline = case.get("pipeline", PIPELINE)
    index = {"_class_name": pipeline, "_diffusers_version": "0.21.0"} | case.get("index", {})
    write_json(folder / "model_index.json", index | dict(sorted(libraries.items())))
    return shapes


def copy_tokenizers(folder: pathlib.Path, case: dict) -> None:
    for part in TOKENIZERS:
        if part in case:
            shutil.copytree(FIXTURES / "tokenizers" / "small", folder / part)
            style = FIXTURES / "tokenizers" / case[part]
            shutil.copytree(style, folder / part, dirs_exist_ok=True)


def write_weights(folder: pathlib.Path, shapes: dict, dtype: str) -> None:
    for part, tensors in shapes.items():
        weights = {name: loadable_weight(name, shape, dtype) for name, shape in tensors.items()}
        stem = "diffusion_pytorch_model" if part in ("unet", "vae") else "model"
        save_file(weights, folder / part / f"{stem}.safetensors", {"format": "pt"})


def weight_digest(tensors: dict[str, list[int]], dtype: str) -> str:
    """SHA-256 of the values in the order of the names."""
    digest = hashlib.sha256()
    for name, shape in tensors.items():
        digest.update(random_weight(name, shape, dtype).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def load_model(folder: pathlib.Path, config: dict):
    """The component in float32, whatever the file has: only the weights were rounded."""
    library = transformers if class_name(config) in TRANSFORMERS else diffusers
    return getattr(library, class_name(config)).from_pretrained(folder).float().eval()


def open_pipeline(model: pathlib.Path, parts: dict, case: dict, settings: dict):
    """The run's pipeline; `changes` are made to the model's JSON files before they are read."""
    with tempfile.TemporaryDirectory() as temporary:
        changed = pathlib.Path(temporary) / "model"
        shutil.copytree(model, changed)
        for file, fields in settings.get("changes", {}).items():
            config = json.loads((changed / file).read_text(encoding="utf-8")) | fields
            write_json(changed / file, config)
            part = pathlib.PurePosixPath(file).parent.name
            if part in parts:
                parts = parts | {part: load_model(changed / part, config)}
        kind = getattr(diffusers, settings.get("pipeline", case.get("pipeline", PIPELINE)))
        extra = {} if "text_encoder_2" in parts else {"requires_safety_checker": False}
        pipe = kind.from_pretrained(changed, **parts, **extra)
    pipe.set_progress_bar_config(disable=True)
    if "scheduler" in settings:
        kind = getattr(diffusers, settings["scheduler"])
        pipe.scheduler = kind.from_config(pipe.scheduler.config, **settings.get("schedulerConfig", {}))
    return pipe


def write_case(name: str, case: dict) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / name
        write_fixture(name, case, folder)
        shutil.rmtree(FIXTURES / "pipelines" / name, ignore_errors=True)
        shutil.copytree(folder, FIXTURES / "pipelines" / name)


def write_fixture(name: str, case: dict, folder: pathlib.Path) -> None:
    dtype = case.get("dtype", "F32")
    shapes = write_folder(folder, case)
    arrays = Arrays()
    with tempfile.TemporaryDirectory() as temporary, torch.no_grad():
        model = pathlib.Path(temporary) / "model"
        shutil.copytree(folder, model)
        copy_tokenizers(model, case)
        write_weights(model, shapes, dtype)
        parts = {part: load_model(model / part, case[part]) for part in shapes}
        for part in parts:
            assert_loaded(parts[part], shapes[part], dtype)
        tokenizers = {
            part: transformers.CLIPTokenizer.from_pretrained(model / part)
            for part in TOKENIZERS
            if part in case
        }
        component_arrays(case.get("alone", {}), parts, tokenizers, arrays)
        runs = case.get("runs", {})
        for run_name, settings in runs.items():
            pipe = open_pipeline(model, parts, case, settings)
            draw(pipe, run_name, settings, arrays, folder, refining(settings))
    write_table(folder / "tensors.json", shapes)
    (folder / "reference.bin").write_bytes(arrays.bytes())
    tokenizers = {part: case[part] for part in TOKENIZERS if part in case}
    digests = {part: weight_digest(tensors, dtype) for part, tensors in shapes.items()}
    write_json(folder / "case.json", {"dtype": dtype, "tokenizers": tokenizers, "sha256": digests})
    write_table(folder / "reference.json", {"runs": runs, "arrays": arrays.table})
    parameters = {part: sum(map(numpy.prod, shapes[part].values())) for part in shapes}
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{name}: {size / 1000:.0f} kB, parameters { ({k: int(v) for k, v in parameters.items()}) }")


def refining(settings: dict):
    """Draws a run that has a base model before its own, which is then the refiner."""
    if "base" not in settings:
        return None
    base = open_base(settings, open_case)
    return lambda pipe, run, seeds: draw_refined(pipe, base, run, seeds)


def open_case(folder: pathlib.Path, name: str, kind):
    """The model of another case, in float32 whatever its files have."""
    case = CASES[name]
    shapes = write_folder(folder, case)
    copy_tokenizers(folder, case)
    write_weights(folder, shapes, case.get("dtype", "F32"))
    return kind.from_pretrained(folder, torch_dtype=torch.float32)


def assert_loaded(model: torch.nn.Module, shapes: dict, dtype: str) -> None:
    """Every tensor of the file has arrived in the model, under whatever name it has there."""
    state = model.state_dict()
    assert len(state) == len(shapes), (len(state), len(shapes))
    here = {old_name(name): value for name, value in state.items()} | state
    for name, shape in shapes.items():
        value = here.get(name, here.get(name.removeprefix("text_model.")))
        assert torch.equal(value, random_weight(name, shape, dtype).float()), name


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    diffusers.logging.set_verbosity_error()
    for name in sys.argv[1:] or CASES:
        write_case(name, CASES[name])


if __name__ == "__main__":
    main()
