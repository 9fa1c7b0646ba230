"""The lock holds what pyproject.toml asks for, with hashes and without addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _pins():
    pins = {}
    for line in LOCK.splitlines():
        found = re.match(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", line)
        if found and (found[3] is None or Marker(found[3]).evaluate()):
            pins[canonicalize_name(found[1])] = found[2]
    return pins


def test_every_requirement_is_pinned_within_its_bounds():
    pins = _pins()
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    for text in wanted:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), text


def test_every_pin_has_hashes_and_no_address():
    assert len(_pins()) > 50
    blocks = re.split(r"\n(?=[a-z])", LOCK)
    pinned = [block for block in blocks if "==" in block.splitlines()[0] and not block.startswith("#")]
    assert all("--hash=sha256:" in block for block in pinned)
    assert "://" not in LOCK
    assert not (ROOT / "uv.lock").exists()


def test_the_header_tells_pip_users_two_commands():
    header = [line for line in LOCK.splitlines() if line.startswith("#     ")]
    assert len(header) == 2
    assert f"numpy=={_pins()['numpy']}" in header[0]
    assert "--no-build-isolation -r requirements.txt" in header[1]


def test_nothing_pulls_in_nccl():
    assert "nvidia-nccl-cu12" not in _pins()
