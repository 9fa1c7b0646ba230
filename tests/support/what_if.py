"""Which analysis of a store with one study is the what-if, and at what a person has looked."""

from __future__ import annotations

from pathlib import Path

from sgcore import workflow


def what_if_of(path: Path) -> str:
    """Id of the one analysis that is a what-if, in a store that nobody has open yet."""
    with workflow.open_store(path) as store:
        study_id = workflow.list_studies(store)["study_id"].iloc[0]
        every = workflow.list_analyses(store, study_id)["analysis_id"]
        (found,) = [each for each in every if workflow.is_what_if(store, workflow.load_analysis(store, each))]
    return found
