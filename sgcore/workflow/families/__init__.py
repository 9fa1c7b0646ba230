"""The five families, one a file: what each takes of a study, and why it cannot be made."""

from sgcore.workflow.families.combined import fit_combined
from sgcore.workflow.families.given import Given
from sgcore.workflow.families.network import fit_network_scores
from sgcore.workflow.families.radiomics import fit_radiomics
from sgcore.workflow.families.radiomics_dl import fit_radiomics_dl
from sgcore.workflow.families.us import fit_us

__all__ = ["Given", "fit_combined", "fit_network_scores", "fit_radiomics", "fit_radiomics_dl", "fit_us"]
