"""How many patients and images a phantom cohort has, by center, subset and label."""

from __future__ import annotations

from dataclasses import dataclass

from sgcore.domain import SUBSETS

#: Images a patient has at most.
MAX_VIEWS = 3


@dataclass(frozen=True)
class Group:
    """Patients of one center and one subset.

    Attributes
    ----------
    center : its name.
    subset : ``train``, ``validation`` or ``external``.
    primary, secondary : patients of either label.
    images : of all of them together; everybody has one to :data:`MAX_VIEWS`.

    Raises
    ------
    ValueError : an unknown subset, a negative number, or images that cannot be divided so.
    """

    center: str
    subset: str
    primary: int
    secondary: int
    images: int

    def __post_init__(self) -> None:
        if self.subset not in SUBSETS:
            raise ValueError(f"subset {self.subset!r} is none of {', '.join(SUBSETS)}.")
        if min(self.primary, self.secondary) < 0:
            raise ValueError(
                f"{self.primary} primary and {self.secondary} secondary patients: "
                "numbers of patients are not negative."
            )
        if not self.patients <= self.images <= MAX_VIEWS * self.patients:
            raise ValueError(
                f"{self.images} images of {self.patients} patients: each has 1 to {MAX_VIEWS}; "
                f"give {self.patients} to {MAX_VIEWS * self.patients}."
            )

    @property
    def patients(self) -> int:
        return self.primary + self.secondary


#: The reference study's cohort (Xia 2025): 140 patients and 242 images, 68 primary and 72 secondary; 187 development
#: images, of which 130 train and 57 validate; 55 external ones of 29 patients. That is all its text says: the shares
#: of the external centers, the labels by center and the patients by subset (7:3 within each label) are assumptions.
PAPER_COUNTS: tuple[Group, ...] = (
    Group("Center A", "train", primary=38, secondary=40, images=130),
    Group("Center A", "validation", primary=16, secondary=17, images=57),
    Group("Center B", "external", primary=5, secondary=7, images=23),
    Group("Center C", "external", primary=6, secondary=4, images=19),
    Group("Center D", "external", primary=3, secondary=4, images=13),
)
