"""OpenSlides 3.3 in an environment of its own under Python 3.8, where that Python is present."""

import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = HERE.parent / "var" / "peers" / "openslides"


def openslides_seconds(weights: list[int]) -> tuple[float | None, str]:
    """Seconds for so many weighted votes and their result, or None with the reason.

    `PYTHON38` names the interpreter; without it one is looked for. The environment is made once.
    """
    python = _python38()
    if python is None:
        return None, "no Python 3.8 here: OpenSlides 3.3 was not run (set PYTHON38)"
    if not (ENVIRONMENT / "bin" / "openslides").exists():
        subprocess.run([python, "-m", "venv", ENVIRONMENT], check=True)
        pip = [ENVIRONMENT / "bin" / "pip", "install", "--quiet", "openslides==3.3", "Twisted==20.3.0"]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    driver = [ENVIRONMENT / "bin" / "python", HERE / "openslides_driver.py", json.dumps(weights)]
    done = subprocess.run(driver, capture_output=True, text=True, timeout=600)
    if done.returncode:
        return None, f"OpenSlides 3.3 did not run: {done.stderr.strip().splitlines()[-1]}"
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer["seconds"], f"OpenSlides 3.3 on SQLite, in process: {answer['result']}"


def _python38() -> str | None:
    """The first interpreter that really runs: the one named, the one on the path, one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser().glob("versions/3.8*/bin/python")
    for found in (os.environ.get("PYTHON38"), shutil.which("python3.8"), *map(str, kept)):
        if found and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
            return found
    return None
