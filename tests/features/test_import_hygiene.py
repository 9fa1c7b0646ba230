"""The package is cheap to import: PyRadiomics and SimpleITK load when they are used."""

from __future__ import annotations

import subprocess
import sys


def test_importing_features_loads_no_heavy_library() -> None:
    code = (
        "import sys, sgcore.features, sgcore.features.planar_shape; sgcore.features.preset_hash('planar-2d');"
        "print(sorted({'radiomics', 'SimpleITK', 'pykwalify', 'pywt', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
