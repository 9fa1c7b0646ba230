"""Muting a check: with a reason and a name, lifted again, and all of it on record."""

from __future__ import annotations

import re

import pytest

from sgcore import workflow
from sgcore.errors import UsageError
from tests.support.studies import make_study


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("muting")
    with workflow.open_store(folder / "s.duckdb") as store:
        yield store, workflow.import_study(make_study(folder / "study"), store)


def _row(store, study, code):
    found = workflow.findings_of_study(study, store)
    return found[found["code"] == code].iloc[0]


def test_a_muting_says_who_and_why_and_can_be_lifted(imported):
    store, study = imported
    workflow.mute_check(
        store, study, "SGA003", author="  Ada  L. ", reason="One image each\nin the main analysis."
    )
    told = workflow.mutings_of(store, study.fingerprint)["SGA003"]
    assert re.fullmatch(r"Muted by Ada L\. on \d{4}-\d\d-\d\d: One image each\nin the main analysis\.", told)
    workflow.mute_check(store, study, "SGA003", author="Ada L.", reason="Another reason.")
    assert workflow.mutings_of(store, study.fingerprint)["SGA003"].endswith(": Another reason.")
    workflow.unmute_check(store, study, "SGA003", author="Bo")
    assert workflow.mutings_of(store, study.fingerprint) == {}
    assert store.mutings.of(study.fingerprint)["author"].tolist() == ["Ada L.", "Ada L.", "Bo"]


def test_a_muting_outlives_another_import_of_the_study(imported):
    store, study = imported
    workflow.mute_check(store, study, "SGA030", author="Ada", reason="Known.")
    workflow.import_study(study.path, store)
    assert "SGA030" in workflow.mutings_of(store, study.fingerprint)


@pytest.mark.parametrize(
    ("code", "author", "reason", "told"),
    [
        ("SGA999", "Ada", "x", "there is no check 'SGA999'"),
        ("SGA003", " ", "x", "The name is empty"),
        ("SGA003", "Ada", "\n ", "The reason is empty"),
        ("SGA003", "Ada", "x" * 501, "at most 500"),
        ("SGA003", "Ada", "a\u202eb", "cannot be shown"),
    ],
)
def test_what_cannot_be_a_muting_is_refused(imported, code, author, reason, told):
    store, study = imported
    with pytest.raises(UsageError, match=told):
        workflow.mute_check(store, study, code, author=author, reason=reason)


def test_nothing_to_lift_is_said(imported):
    store, study = imported
    with pytest.raises(UsageError, match="SGA072 is not muted here"):
        workflow.unmute_check(store, study, "SGA072", author="Ada")
