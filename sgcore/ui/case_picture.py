"""The picture of a case on pages that show several: its image with the outline of the ROI."""

from __future__ import annotations

import streamlit as st

from sgcore import plots
from sgcore.cohort import read_case
from sgcore.domain import Study
from sgcore.errors import ImageError
from sgcore.ui.text import small

#: Width and height of a picture in pixels, for screens with more pixels than its place is wide.
_SIZE = (400, 300)


def show(study: Study, image_id: str) -> None:
    """The picture, or why there is none."""
    row = study.images.set_index("image_id").loc[image_id]
    try:
        picture = _picture(study.fingerprint, row["image_sha256"], row["mask_sha256"], study, image_id)
    except ImageError as error:
        folder = f"{study.folder}/"
        small(f"No picture. {str(error).replace(folder, '')}")
        return
    st.image(picture, alt=f"{image_id} with the outline of its ROI", width="stretch")


@st.cache_data(show_spinner=False, max_entries=2_000)
def _picture(fingerprint: str, image_sha256: str, mask_sha256: str, _study: Study, _image_id: str) -> bytes:
    """A picture as PNG, known by the content of its files; an image that cannot be read is tried again."""
    image, mask = read_case(_study, _image_id)
    return plots.thumbnail(image.pixels, mask.pixels, _SIZE, spacing_mm=image.spacing_mm)
