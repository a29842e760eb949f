"""Records the cache layout of huggingface_hub, and checks that it finds what Easel has downloaded.

    python scripts/reference/hub_cache.py record        writes test/fixtures/hub-cache/*.json
    python scripts/reference/hub_cache.py check         runs `easel models download` and reads the result

Both use the hub that test/support/hub-server-main.ts serves on the local machine. Build the project first.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "test" / "fixtures" / "hub-cache"
REPO = "easel/tiny-sd"
BRANCHED = "easel/branched"


@contextmanager
def hub():
    command = ["node", "--import", "tsx", str(ROOT / "test/support/hub-server-main.ts")]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait(10)


def run_python(code: str, home: Path, endpoint: str, **environment: str) -> None:
    """huggingface_hub reads its environment when it is imported, hence a process for each."""
    env = {**os.environ, "HF_HOME": str(home), "HF_ENDPOINT": endpoint, **environment}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)


def layout(cache: Path) -> dict[str, str]:
    """Path -> link target, text of a ref, or size; without locks and tree listings (only Python has them)."""
    found = {}
    for path in sorted(cache.rglob("*")):
        name = path.relative_to(cache).as_posix()
        if name.startswith(".locks/") or "/trees/" in name:
            continue
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = path.read_text() if "/refs/" in name else f"{path.stat().st_size} bytes"
    return found


def record() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    code = (
        "from huggingface_hub import snapshot_download\n"
        f"snapshot_download({BRANCHED!r})\n"
        f"snapshot_download({BRANCHED!r}, revision='second/try')"
    )
    with hub() as endpoint:
        for name, environment in [
            ("links", {}),
            ("no-links", {"HF_HUB_DISABLE_SYMLINKS": "1", "HF_HUB_DISABLE_SYMLINKS_WARNING": "1"}),
        ]:
            with tempfile.TemporaryDirectory() as home:
                run_python(code, Path(home), endpoint, **environment)
                text = json.dumps(layout(Path(home) / "hub"), indent=2, sort_keys=True)
                (FIXTURES / f"{name}.json").write_text(text + "\n")


CHECK = f"""
import torch
from diffusers import StableDiffusionPipeline
from huggingface_hub import scan_cache_dir, snapshot_download
folder = snapshot_download({REPO!r}, local_files_only=True)
info = scan_cache_dir()
assert not info.warnings, info.warnings
assert [repo.repo_id for repo in info.repos] == [{REPO!r}], info.repos
pipe = StableDiffusionPipeline.from_pretrained(
    {REPO!r},
    variant="fp16",
    torch_dtype=torch.float32,
    safety_checker=None,
    feature_extractor=None,
    local_files_only=True,
)
picture = pipe("a cat", num_inference_steps=1, width=32, height=32).images[0]
assert picture.size == (32, 32)
print(folder)
"""


def check() -> None:
    with hub() as endpoint:
        for environment in [{}, {"HF_HUB_DISABLE_SYMLINKS": "1"}]:
            with tempfile.TemporaryDirectory() as home:
                env = {**os.environ, "HF_HOME": home, "HF_ENDPOINT": endpoint, **environment}
                cli = ["node", str(ROOT / "dist/cli.js"), "models", "download", REPO]
                subprocess.run(cli, check=True, env=env)
                # No server has this address: only what is in the cache can be found.
                offline = {**environment, "HF_HUB_OFFLINE": "1"}
                run_python(CHECK, Path(home), "http://127.0.0.1:9", **offline)
    print("huggingface_hub and diffusers find and load what Easel fetched.")


if __name__ == "__main__":
    {"record": record, "check": check}[sys.argv[1]]()
