"""The truth behind the phantoms: which traits carry the label, where, and how strongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NEGATIVE, POSITIVE = "primary", "secondary"


@dataclass(frozen=True)
class Association:
    """Mean of a trait in secondary minus primary lesions, in standard deviations within a label.

    ``development`` holds in the development center, ``external`` in all others; 0 is no association.
    """

    development: float = 0.0
    external: float = 0.0


@dataclass(frozen=True)
class CenterEffect:
    """What differs between centers, whatever the label.

    Attributes
    ----------
    scanners : names in ``SCANNERS``; a patient is examined with one of them, each as likely.
    gain_db : added to the scanner's own gain.
    log_size : added to the logarithm of a lesion's diameter.
    """

    scanners: tuple[str, ...]
    gain_db: float = 0.0
    log_size: float = 0.0


#: Every trait, and what it carries. Texture carries the label everywhere and most strongly, margin and irregularity
#: less; aspect ratio and posterior echoes do so in the development center alone, and slightly reversed elsewhere, so
#: that a model of descriptors fails outside, as the reference study's did (Xia 2025). The others carry nothing.
ASSOCIATIONS: Mapping[str, Association] = MappingProxyType(
    {
        "texture": Association(1.3, 1.3),
        "margin": Association(0.5, 0.5),
        "irregularity": Association(0.4, 0.4),
        "aspect": Association(-1.0, 0.3),
        "posterior": Association(1.0, -0.3),
        "level": Association(),
        "size": Association(),
        "cystic": Association(),
        "calcification": Association(),
    }
)
TRAITS = tuple(ASSOCIATIONS)

#: The reference study names six scanners, not where they stand: these shares are assumptions.
CENTERS: Mapping[str, CenterEffect] = MappingProxyType(
    {
        "Center A": CenterEffect(("Esaote MyLab Twice", "Esaote MyLab 90", "Hitachi HI VISION Preirus")),
        "Center B": CenterEffect(("Siemens S2000", "GE LOGIQ E20"), gain_db=2.0, log_size=0.05),
        "Center C": CenterEffect(("Fuji ALOKA ARIETTA 850",), gain_db=-2.0, log_size=-0.05),
        "Center D": CenterEffect(("Esaote MyLab 90", "GE LOGIQ E20"), gain_db=1.0),
    }
)


@dataclass(frozen=True)
class Truth:
    """Parameters of the generative model.

    A trait of an image is ``label_effect * difference * s / 2 + sqrt(icc) * p + sqrt(1 - icc) * e``: ``s`` is +1 for
    secondary and -1 for primary, ``difference`` that of ``associations``, ``p`` and ``e`` standard normal, one a
    patient and one an image. Within a label and center its variance is 1 and its intraclass correlation ``icc``.

    Attributes
    ----------
    label_effect : factor of all associations, those of the development center included. With 0 no trait, no
        image and no descriptor depends on the label.
    icc : share of a trait's variance that all images of a patient have in common, 0 to 1.
    associations : by trait; a name that is missing carries nothing.
    centers : by name.
    gain_sd_db : standard deviation of the gain that a patient is examined with, around that of scanner and center.

    Raises
    ------
    ValueError : an icc outside 0 to 1, a negative spread, or an unknown trait.
    """

    label_effect: float = 1.0
    icc: float = 0.7
    associations: Mapping[str, Association] = field(default_factory=lambda: ASSOCIATIONS)
    centers: Mapping[str, CenterEffect] = field(default_factory=lambda: CENTERS)
    gain_sd_db: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.icc <= 1:
            raise ValueError(f"icc {self.icc} is no intraclass correlation; give 0 to 1.")
        if self.gain_sd_db < 0:
            raise ValueError(f"gain_sd_db {self.gain_sd_db} is no standard deviation; give 0 or more.")
        unknown = set(self.associations) - set(TRAITS)
        if unknown:
            raise ValueError(
                f"unknown trait(s) {', '.join(sorted(unknown))}; traits are {', '.join(TRAITS)}."
            )

    def difference(self, trait: str, *, development: bool) -> float:
        """Mean of the trait in secondary minus primary lesions, ``label_effect`` included."""
        found = self.associations.get(trait, Association())
        return self.label_effect * (found.development if development else found.external)
