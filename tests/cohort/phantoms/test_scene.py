import pytest

from tests.cohort.phantoms.scenes import scene


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("gland", "thyroid", "take one of parotid, submandibular"),
        ("width_mm", 0.0, "take 2.0 to 40.0"),
        ("height_mm", float("nan"), "take 2.0 to 30.0"),
        ("irregularity", -0.1, "take 0.0 to 1.5"),
        ("margin_blur_mm", float("inf"), "take 0.0 to 3.0"),
        ("cystic_share", 1.01, "take 0.0 to 1.0"),
        ("scatterers_per_cell", 0.0, "take 0.2 to 40.0"),
        ("calcifications", 2.5, "take a whole number"),
        ("seed", -1, "take 0 to"),
        ("center_mm", (0.0, float("nan")), "take two finite numbers"),
        ("center_mm", (0.0, 7.5), "at least half of height_mm plus 3 mm"),
    ],
)
def test_what_no_scene_can_show_is_refused_by_name(field, value, remedy):
    with pytest.raises(ValueError, match=field) as refused:
        scene(**{field: value})
    assert str(value) in str(refused.value)
    assert remedy in str(refused.value)
