"""Every case has its fixture, and every fixture its case."""

import json
from pathlib import Path

import pytest

from cases import graphs, loras, pipelines, schedulers, single_files
from cases.fullsize_configs import MODELS

FIXTURES = Path(__file__).parents[3] / "test" / "fixtures"
COMPONENTS = ("text_encoder", "text_encoder_2", "unet", "vae")


def folders(name: str) -> set[str]:
    return {path.name for path in (FIXTURES / name).iterdir() if path.is_dir()}


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("graphs", graphs.CASES),
        ("loras", loras.CASES),
        ("pipelines", pipelines.CASES),
        ("single-files", single_files.CASES),
    ],
)
def test_a_folder_for_each_case(name, cases):
    assert folders(name) == set(cases)


def test_a_file_for_each_scheduler():
    files = {path.stem for path in (FIXTURES / "schedulers").glob("*.json")}
    assert files == {*schedulers.CASES, "betas"}


@pytest.mark.parametrize("name", graphs.CASES)
def test_the_config_of_a_graph_is_the_stored_one(name):
    stored = json.loads((FIXTURES / "graphs" / name / "case.json").read_text())
    assert stored["component"] == graphs.CASES[name]["component"]
    assert stored["dtype"] == graphs.CASES[name]["dtype"]
    assert stored["config"] == json.loads(json.dumps(graphs.CASES[name]["config"]))


@pytest.mark.parametrize("name", pipelines.CASES)
def test_the_configs_of_a_pipeline_are_the_stored_ones(name):
    case = pipelines.CASES[name]
    for component in COMPONENTS:
        if component in case:
            stored = json.loads((FIXTURES / "pipelines" / name / component / "config.json").read_text())
            assert stored == json.loads(json.dumps(case[component])), component


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if "unet" in model])
def test_a_published_unet_has_one_block_per_level(name):
    unet = MODELS[name]["unet"]
    levels = len(unet["block_out_channels"])
    assert len(unet["down_block_types"]) == len(unet["up_block_types"]) == levels
