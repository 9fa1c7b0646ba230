"""A scene to vary in tests: a solid, smooth, sharp lesion in the middle of a gland."""

from dataclasses import replace

from sgcore.cohort.phantoms import Scene

PLAIN = Scene(
    gland="parotid",
    center_mm=(0.5, 12.5),
    width_mm=14.0,
    height_mm=10.0,
    tilt_deg=0.0,
    irregularity=0.0,
    margin_blur_mm=0.1,
    echo_db=-6.0,
    heterogeneity_db=0.0,
    grain_mm=1.5,
    scatterers_per_cell=10.0,
    cystic_share=0.0,
    calcifications=0,
    posterior_db=0.0,
    seed=7,
)


def scene(**changes: object) -> Scene:
    return replace(PLAIN, **changes)
