"""The process of `easel serve`: how it is found, started and stopped. Needs the standard library alone."""

import os
import secrets
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

# The command line of a checkout that was built; this file is in deploy/ray/easel_ray.
CHECKOUT = Path(__file__).resolve().parents[3] / "dist" / "cli.js"
START_SECONDS = 60
STOP_SECONDS = 10
# What the replica decides itself.
_SET = ("max-queue", "max-body", "threads", "end-with-input")
# What becomes of images that a model's safety checker flags, as in src/core/request/safety.ts.
SAFETY_CHOICES = ("black", "blur", "warn", "off")
_RESERVED = frozenset(f"--{name}" for name in ("host", "port", "token", "allow-origin", *_SET))


def find_easel(command: str | None = None) -> list[str]:
    """The command that runs Easel.

    Args:
        command: the path of `easel` or of its `cli.js`; else that of
            EASEL_COMMAND, of this checkout, or in PATH.

    Raises:
        FileNotFoundError: With what to install.
    """
    named = command or os.environ.get("EASEL_COMMAND")
    found = named or (str(CHECKOUT) if CHECKOUT.exists() else shutil.which("easel"))
    if found is None:
        raise FileNotFoundError(
            "Easel was not found. Run `npm ci && npm run build` in its folder, install `easel` in PATH, or "
            "name its path in EASEL_COMMAND."
        )
    path = shutil.which(found) or found
    if not Path(path).exists():
        raise FileNotFoundError(
            f"There is no {found}. EASEL_COMMAND is the path of easel, or of dist/cli.js."
        )
    if not path.endswith(".js"):
        return [path]
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("Node.js was not found. Install Node.js 20 or newer (https://nodejs.org).")
    return [node, path]


def easel_version(command: Sequence[str]) -> str:
    """Its name and version.

    Raises:
        RuntimeError: It does not run.
    """
    ended = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        reason = ended.stderr.strip() or f"exit code {ended.returncode}"
        raise RuntimeError(f"Easel does not run ({' '.join(command)}): {reason}")
    return ended.stdout.strip()


def require_free_options(options: Sequence[str]) -> None:
    """Refuses options of `easel serve` that the replica decides.

    Raises:
        ValueError: Names the option.
    """
    for option in options:
        if option.partition("=")[0] in _RESERVED:
            raise ValueError(
                f"{option.partition('=')[0]} cannot be given to the replicas: they choose it themselves."
            )


def engine_options(
    *, max_body: int, threads: int, safety_checker: str | None, more: Sequence[str]
) -> list[str]:
    """The options of `easel serve` of each replica.

    Args:
        safety_checker: of `SAFETY_CHOICES`; else its own default.
        more: what else is given to it.
    """
    checker = [] if safety_checker is None else ["--safety-checker", safety_checker]
    return ["--max-body", str(max_body), "--threads", str(threads), *checker, *more]


class Child:
    """One `easel serve` on a free port of this machine, with a token that nobody else has."""

    def __init__(self, command: Sequence[str], options: Sequence[str], on_end: Callable[[], None]) -> None:
        """Starts it, and waits until it takes requests. Its log goes to standard error.

        Args:
            options: more of `easel serve`.
            on_end: called in another thread when it ends without being stopped.

        Raises:
            RuntimeError: It ended, or took too long.
        """
        self.token = secrets.token_urlsafe(32)
        self._stopping = False
        # Standard input ends with this process, also where it is killed, and the child with it.
        self._process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--end-with-input", *options],
            env={**os.environ, "EASEL_SERVE_TOKEN": self.token},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        timer = threading.Timer(START_SECONDS, self._process.kill)
        timer.start()
        assert self._process.stdout
        self.address = self._process.stdout.readline().decode().strip()
        timer.cancel()
        if not self.address:
            code = self._process.wait()
            raise RuntimeError(f"easel serve ended with exit code {code} before it served. Its log says why.")
        self._on_end = on_end
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Ends it: open drawings are cancelled."""
        self._stopping = True
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        self._process.wait()
        if not self._stopping:
            self._on_end()
