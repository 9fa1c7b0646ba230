"""Run the pip commands that the lock's header promises, with an empty cache, and import PyRadiomics."""

import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

lock = Path(sys.argv[1])
commands = [
    line[1:].strip() for line in lock.read_text().splitlines() if line.startswith("#     python -m pip")
]
if len(commands) != 2:
    sys.exit(f"{lock}: expected two pip commands in the header, found {len(commands)}")
with tempfile.TemporaryDirectory() as folder:
    venv.create(folder, with_pip=True)
    python = str(Path(folder) / "bin" / "python")
    for command in commands:
        words = shlex.split(command)
        print("$", command, flush=True)
        subprocess.run(
            [python, *words[1:], "--quiet", "--no-cache-dir"], check=True, cwd=lock.resolve().parent
        )
    subprocess.run([python, "-c", "import radiomics, xgboost, streamlit; print('imported')"], check=True)
