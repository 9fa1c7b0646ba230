"""Put the header with pip's two commands on top of a freshly compiled lock."""

import re
import sys
from pathlib import Path

lock = Path(sys.argv[1])
pins = lock.read_text()
numpy = re.search(r"^numpy==\S+", pins, flags=re.MULTILINE)
if numpy is None:
    sys.exit(f"{lock}: no pinned numpy found")
lock.write_text(
    f"""\
# The lock of sgaudit: every package with version and hashes. `make lock` writes it; do not edit it.
# `make setup` installs it with uv. With pip, in a virtual environment of Python 3.11, two commands:
#     python -m pip install {numpy[0]} setuptools wheel
#     python -m pip install --no-deps --no-build-isolation -r requirements.txt
# (PyRadiomics is built from source and its build needs numpy; the lock names every dependency itself.)
"""
    + pins
)
