"""Every way in which a table can be wrong ends as a row of the problem list."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sgcore.cohort import load_study, validate_study
from tests.cohort.helpers import add_table, edit, only, problems, put

PATIENTS = "patients.csv"


def _rewrite(change: Callable[[str], str | bytes]) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        changed = change(path.read_text(encoding="utf-8"))
        path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())

    return apply


@pytest.mark.parametrize(
    ("change", "rule", "row", "fix"),
    [
        (lambda text: "", "the table is empty", None, "header"),
        (lambda text: " \n\n", "the table is empty", None, "header"),
        (lambda text: text.split("\n")[0] + "\n", "a header and no rows", 1, "rows"),
        (lambda text: text.split("\n", 1)[1], "first row is not a header", 1, "patient_id, center, label"),
        (lambda text: text.encode("utf-16"), "UTF-16", None, "UTF-8"),
        (lambda text: text.encode("utf-16-le"), "UTF-16", None, "UTF-8"),
        (lambda text: text.replace("A003", "Aé3").encode("latin-1"), "Latin-1", 4, "UTF-8"),
        (lambda text: text.replace("A003,Alpha", "A003"), "has 4 cells and the header 5", 4, "quotes"),
        (lambda text: text.replace("A003,", "A003,x,"), "has 6 cells and the header 5", 4, "quotes"),
        (lambda text: text.replace("A003", '"A003'), "quote is not closed", 4, "Close the quote"),
        (lambda text: text.replace("A003", '"A0"03'), "quote is not closed or stands inside", 4, "twice"),
        (lambda text: text.replace("A003", "A0\x0003"), "NUL byte", 4, "export"),
        (lambda text: text.replace(",age", ",sex", 1), "stands twice", 1, "Rename"),
        (lambda text: text.replace(",age", ",SEX", 1), "differs from 'SEX' only by case", 1, "Rename"),
        (lambda text: text.replace(",age", ",", 1), "a column has no name", 1, "index"),
        (lambda text: text.replace("label", "lable", 1), "required column is missing", 1, "'lable'"),
        (lambda text: text.replace("patient_id", "Patient_ID", 1), "column is missing", 1, "'Patient_ID'"),
    ],
)
def test_the_file(toml: Path, change: Callable[[str], str], rule: str, row: int | None, fix: str) -> None:
    _rewrite(change)(toml.parent / PATIENTS)
    problem = only(toml, rule)
    assert (problem.file, problem.row) == (PATIENTS, row)
    assert fix in problem.fix


def test_a_byte_order_mark_and_blank_lines_are_accepted(toml: Path) -> None:
    path = toml.parent / PATIENTS
    path.write_bytes(b"\xef\xbb\xbf\r\n" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert len(load_study(toml).patients) == 10


def test_rows_count_as_in_an_editor(toml: Path) -> None:
    """A quoted cell of two lines and a blank line before the faulty row."""
    path = toml.parent / PATIENTS
    lines = path.read_text().split("\n")
    lines[0] += ",comment"
    lines[1:-1] = [line + "," for line in lines[1:-1]]
    lines[1] += '"one\ntwo"\n'
    lines[4] = lines[4].replace("Alpha", "Alpah")
    path.write_text("\n".join(lines))
    problem = only(toml, "unknown center")
    assert "Alpah" in path.read_text().split("\n")[problem.row - 1]


@pytest.mark.parametrize("name", [";", "\t"])
def test_other_separators_with_decimal_comma(toml: Path, name: str) -> None:
    for table in ("patients.csv", "images.csv", "descriptors.csv"):
        path = toml.parent / table
        path.write_text(
            path.read_text().replace(".1\n", ",1\n").replace(",", name).replace(f"0{name}1", "0,1")
        )
    study = load_study(toml)
    assert set(study.images["pixel_spacing_mm"].dropna()) == {0.1}
    assert sum("separated by" in problem.rule for problem in study.warnings) == 3


@pytest.mark.parametrize(
    "identifier", ["007", "1E5", "NA", "null", "nan", "=cmd|'/c calc'!A1", "<script>x</script>"]
)
def test_identifiers_stay_text(toml: Path, identifier: str) -> None:
    folder = toml.parent
    for table, row in ((PATIENTS, 2), ("images.csv", 2), ("images.csv", 3)):
        put(folder, table, row, "patient_id", identifier)
    study = load_study(toml)
    assert study.patients["patient_id"][0] == identifier
    assert study.images["patient_id"][0] == identifier
    assert identifier in set(study.cases()["patient_id"])


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "rule", "fix"),
    [
        (PATIENTS, 3, "label", "secundary", "label is neither", "'secondary'"),
        (PATIENTS, 3, "label", "", "label is empty", "'primary' and 'secondary'"),
        (PATIENTS, 3, "center", "ALPHA", "unknown center", "'Alpha'"),
        (PATIENTS, 3, "center", "Alphaa", "unknown center", "'Alpha'"),
        (PATIENTS, 3, "center", "", "center is empty", "Alpha, Beta"),
        (PATIENTS, 3, "age", "old", "text where an age", "Write a number"),
        (PATIENTS, 3, "age", "500", "an age from 0 to 120", "Correct"),
        ("images.csv", 4, "patient_id", "A02", "patient is not in the patients table", "'A002'"),
        ("images.csv", 4, "image_id", "A001-0", "stands already in row 2", "one mask"),
        ("images.csv", 4, "image_id", "", "identifier is empty", "Fill"),
        ("images.csv", 4, "pixel_spacing_mm", "0", "a size from 0.0001 to 100 mm", "Correct"),
        ("images.csv", 4, "pixel_spacing_mm", "-0.1", "a size from 0.0001 to 100 mm", "Correct"),
        ("images.csv", 4, "pixel_spacing_mm", "inf", "infinite", "empty"),
        ("images.csv", 4, "pixel_spacing_mm", "1e300", "a size from 0.0001 to 100 mm", "Correct"),
        ("images.csv", 4, "pixel_spacing_mm", "1e-300", "a size from 0.0001 to 100 mm", "Correct"),
        ("images.csv", 4, "pixel_spacing_mm", "0,1", "a decimal comma where", "Write 0.1,"),
        ("images.csv", 4, "image", "", "the image has no image", "Name"),
        ("images.csv", 4, "mask", "", "the image has no mask", "Name"),
        ("images.csv", 4, "image", "/images/A002-0.png", "absolute", "relative"),
        ("images.csv", 4, "image", "C:\\images\\A002-0.png", "absolute", "relative"),
        ("images.csv", 4, "image", "images\\A002-0.png", "backslashes", "'images/A002-0.png'"),
        ("images.csv", 4, "image", "../images/A002-0.png", "'..'", "below"),
        ("images.csv", 4, "image", "images/a002-0.png", "upper and lower case", "'A002-0.png'"),
        ("images.csv", 4, "image", "Images/A002-0.png", "upper and lower case", "'images'"),
        ("images.csv", 4, "image", "images/A02-0.png", "does not exist", "Did you mean 'A002-0.png'"),
        ("images.csv", 4, "image", "images", "a folder", "file"),
        ("images.csv", 4, "image", "images/" + "a" * 300 + ".png", "longer than 255", "Shorten"),
        ("images.csv", 4, "mask", "masks/A002-0.png;masks/A001-0.png", "more than one file", "one mask"),
        ("descriptors.csv", 4, "image_id", "A003-00", "not in the images table", "'A003-0'"),
        ("descriptors.csv", 4, "image_id", "A001-0", "stands already in row 2", "one row"),
    ],
)
def test_cells(toml: Path, *, table: str, row: int, column: str, value: str, rule: str, fix: str) -> None:
    put(toml.parent, table, row, column, value)
    found = [problem for problem in problems(toml, rule) if problem.severity == "error"]
    assert [(p.file, p.row, p.column) for p in found] == [(table, row, column)]
    assert found[0].value == value[:200]
    assert fix in found[0].fix
    if column != "image_id":  # the image that lost its name is missed by the descriptors, too
        assert validate_study(toml).counts["errors"] == 1


def test_a_link_out_of_the_folder(toml: Path) -> None:
    path = toml.parent / "images" / "A002-0.png"
    outside = toml.parent.parent / "outside.png"
    path.rename(outside)
    path.symlink_to(outside)
    assert only(toml, "link leads out").value == "images/A002-0.png"


def test_a_link_within_the_folder_is_accepted(toml: Path) -> None:
    path = toml.parent / "images" / "A002-0.png"
    path.rename(toml.parent / "kept.png")
    path.symlink_to(toml.parent / "kept.png")
    assert len(load_study(toml).images) == 15


def test_unicode_twins_within_a_table(toml: Path) -> None:
    put(toml.parent, PATIENTS, 2, "patient_id", unicodedata.normalize("NFC", "Å1"))
    put(toml.parent, PATIENTS, 3, "patient_id", unicodedata.normalize("NFD", "Å1"))
    (problem,) = problems(toml, "case or Unicode form")
    assert (problem.row, problem.column, problem.severity) == (3, "patient_id", "error")


def test_unicode_twins_across_tables(toml: Path) -> None:
    put(toml.parent, PATIENTS, 2, "patient_id", unicodedata.normalize("NFC", "Müller"))
    put(toml.parent, "images.csv", 2, "patient_id", unicodedata.normalize("NFD", "Müller"))
    problem = next(p for p in problems(toml, "not in the patients table") if p.row == 2)
    assert "NFC or NFD" in problem.fix


@pytest.mark.parametrize(("column", "value"), [("label", "primary"), ("center", "Beta")])
def test_a_patient_with_two_values(toml: Path, column: str, value: str) -> None:
    def again(frame: pd.DataFrame) -> pd.DataFrame:
        twin = frame.loc[[3]].assign(**{column: value})
        return pd.concat([frame, twin])

    edit(toml.parent, PATIENTS, again)
    problem = only(toml, f"has two {column}s")
    assert (problem.row, problem.value) == (12, value)
    study = load_study(toml, audit_only=True)
    assert len(study.patients) == 10
    assert study.patients.set_index("patient_id").at["A002", column] != value
    assert any(f"two {column}s" in warning.rule for warning in study.warnings)
    assert any("first was kept" in note for note in study.notes)
    assert any(f"two {column}s" in conflict for conflict in study.conflicts)


def test_a_center_that_no_patient_has(toml: Path) -> None:
    toml.write_text(toml.read_text().replace('["Beta"]', '["Beta", "Gamma"]'))
    assert only(toml, "center of the study file has no patient").value == "Gamma"


def test_numbered_centers_are_not_spellings_of_each_other(toml: Path) -> None:
    path = toml.parent / PATIENTS
    path.write_text(path.read_text().replace("Alpha", "Center 1").replace("Beta", "Center 2"))
    toml.write_text(toml.read_text().replace("Alpha", "Center 1").replace('"Beta"', ""))
    study = load_study(toml)
    assert len(study.patients) == 6
    assert not study.warnings


def test_a_distant_spelling_is_left_out_with_a_warning(toml: Path) -> None:
    put(toml.parent, PATIENTS, 2, "center", "Alfa")
    problem = only(toml, "center that the study file does not name")
    assert "'Alpha'" in problem.fix
    assert problem.severity == "warning"


@pytest.mark.parametrize("value", ["2024-02-30", "2024-13-01", "31.12.2024", "soon", "0001-01-01"])
def test_impossible_dates(toml: Path, value: str) -> None:
    edit(toml.parent, PATIENTS, lambda frame: frame.assign(scan_date="2024-02-29"))
    assert validate_study(toml).total == 0
    put(toml.parent, PATIENTS, 5, "scan_date", value)
    problem = only(toml, "not a possible date")
    assert (problem.row, problem.value) == (5, value)


def test_spaces_around_cells_are_removed_and_said(toml: Path) -> None:
    put(toml.parent, PATIENTS, 3, "center", " Alpha ")
    assert only(toml, "spaces around").value == " Alpha "
    assert load_study(toml).patients["center"][1] == "Alpha"


def test_other_columns_are_kept_and_typed(toml: Path) -> None:
    extra = {"zip": "01234", "size": "1.5", "mixed": "NA", "ward_id": "12", "note": "<b>=1+1</b>"}
    edit(toml.parent, PATIENTS, lambda frame: frame.assign(**extra))
    patients = load_study(toml).patients
    assert patients["size"].tolist() == [1.5] * 10
    assert set(patients["zip"]) == {"01234"}
    assert set(patients["mixed"]) == {"NA"}
    assert set(patients["ward_id"]) == {"12"}
    assert set(patients["note"]) == {"<b>=1+1</b>"}


def test_one_text_in_a_column_of_numbers_is_warned_of(toml: Path) -> None:
    edit(toml.parent, "images.csv", lambda frame: frame.assign(depth="4"))
    put(toml.parent, "images.csv", 7, "depth", "four")
    assert only(toml, "column of numbers are text").row == 7


def test_a_label_in_the_images_table_must_agree(toml: Path) -> None:
    edit(toml.parent, "images.csv", lambda frame: frame.assign(label=""))
    put(toml.parent, "images.csv", 2, "label", "secondary")
    assert only(toml, "the patient has two labels").row == 2
    edit(toml.parent, "images.csv", lambda frame: frame.assign(lesion_id="1"))
    assert validate_study(toml).counts["errors"] == 0


def test_a_patient_without_images_is_warned_of(toml: Path) -> None:
    edit(toml.parent, "images.csv", lambda frame: frame[frame["patient_id"] != "A001"])
    assert "A001" in {problem.value for problem in problems(toml, "patient has no image")}


def test_unlisted_files_are_one_warning_a_folder(toml: Path) -> None:
    for number in range(5):
        (toml.parent / "images" / f"extra{number}.png").write_bytes(b"x")
    (toml.parent / "images" / "readme.txt").write_text("text")
    problem = only(toml, "in no row")
    assert "5 file(s) in images" in problem.rule
    assert "and 2 more" in problem.rule
    assert problem.severity == "warning"


def test_descriptors_may_lack_images(toml: Path) -> None:
    edit(toml.parent, "descriptors.csv", lambda frame: frame.iloc[4:])
    study = load_study(toml)
    assert study.descriptors["margin"].isna().sum() == 4
    assert study.descriptors["aspect_ratio"].notna().all()
    assert any("4 of 15 images have no descriptors" in note for note in study.notes)


def test_given_aspect_ratios_are_kept(toml: Path) -> None:
    edit(toml.parent, "descriptors.csv", lambda frame: frame.assign(aspect_ratio="9", depth="2"))
    put(toml.parent, "descriptors.csv", 3, "aspect_ratio", "")
    study = load_study(toml)
    assert (study.descriptors["aspect_ratio"] == 9).sum() == 14
    assert study.computed_descriptors == ("aspect_ratio",)
    assert study.descriptors["depth"].dtype == "float64"
    assert set(study.descriptors["margin"]) == {"clear", "ill-defined"}


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG\r\n", "a PNG image"),
        (b"PK\x03\x04\x00", "Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\0" * 128 + b"DICM", "a DICOM file"),
    ],
)
def test_a_table_that_is_something_else(toml: Path, start: bytes, kind: str) -> None:
    (toml.parent / PATIENTS).write_bytes(start + b"\x00" * 50)
    assert kind in only(toml, "and no table").rule


def test_a_cell_as_long_as_a_book(toml: Path) -> None:
    path = toml.parent / PATIENTS
    path.write_text(path.read_text() + "x" * 140_000 + ",Alpha,primary,1,F\n")
    assert "131,072 characters" in only(toml, "a cell has more than").rule


def test_long_values_are_cut(toml: Path) -> None:
    put(toml.parent, PATIENTS, 3, "label", "y" * 100_000)
    problem = only(toml, "label is neither")
    assert problem.value is not None
    assert len(problem.value) == 200
    assert problem.value.endswith("…")


@pytest.mark.parametrize("table", [PATIENTS, "images.csv", "descriptors.csv"])
def test_only_blank_rows(toml: Path, table: str) -> None:
    path = toml.parent / table
    header = path.read_text().splitlines()[0]
    path.write_text(header + "\n" + "," * header.count(",") + "\n")
    assert [p.rule for p in validate_study(toml).problems if p.severity == "error"] == [
        "the table has a header and no rows"
    ]


def test_latin1_with_carriage_returns_names_the_row(toml: Path) -> None:
    path = toml.parent / PATIENTS
    lines = path.read_text().splitlines()
    lines[4] = lines[4].replace("primary", "primär").replace("secondary", "primär")
    path.write_bytes("\r".join(lines).encode("latin-1"))
    assert only(toml, "not UTF-8").row == 5


@pytest.mark.parametrize("value", ["2999-01-01", "２０２４-01-01"])
def test_dates_of_the_future_and_of_other_digits(toml: Path, value: str) -> None:
    edit(toml.parent, PATIENTS, lambda frame: frame.assign(date_of_scan=["2024-01-01"] * len(frame)))
    put(toml.parent, PATIENTS, 3, "date_of_scan", value)
    assert only(toml, "not a possible date").row == 3


@pytest.mark.parametrize(("table", "most"), [(PATIENTS, 2_000), ("features.csv", 20_000)])
def test_too_many_columns(toml: Path, table: str, most: int) -> None:
    path = toml.parent / table
    if not path.exists():
        add_table(toml, "features", "image_id\nA001-0\n")
    path.write_text("\n".join(line + ",1" * (most + 1) for line in path.read_text().splitlines()) + "\n")
    assert f"at most {most:,} are read" in only(toml, "columns; at most").rule


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_table_that_is_no_file(toml: Path, kind: str) -> None:
    path = toml.parent / PATIENTS
    path.unlink()
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    assert only(toml, "no regular file").column == "tables.patients"


def test_a_path_longer_than_the_system_takes(toml: Path) -> None:
    (toml.parent / "here").symlink_to(".")
    put(toml.parent, "images.csv", 2, "image", "here/" * 1000 + "images/A001-0.png")
    found = [problem for problem in problems(toml) if problem.severity == "error"]
    assert [(problem.row, problem.column) for problem in found] == [(2, "image")]


def test_a_table_that_is_missing(toml: Path) -> None:
    (toml.parent / PATIENTS).unlink()
    assert only(toml, "does not exist").fix == "Add the file"


def test_columns_that_are_computed_are_left_out_and_said(toml: Path) -> None:
    edit(toml.parent, "images.csv", lambda frame: frame.assign(aspect_ratio="7", height="3"))
    study = load_study(toml)
    assert set(study.images["height"]) == {40}
    assert any("Columns height, aspect_ratio of the images table" in note for note in study.notes)


def test_long_names_are_cut_in_notes(toml: Path) -> None:
    put(toml.parent, PATIENTS, 2, "center", "C" * 100_000)
    assert max(len(note) for note in load_study(toml).notes) < 500


def test_thousands_of_misspelt_files_and_centers_end_soon(toml: Path) -> None:
    count = 3000
    numbers = pd.Series([f"{number:05d}" for number in range(count)])
    for number in numbers:
        (toml.parent / "images" / f"{number}.png").touch()
    people = pd.DataFrame({"patient_id": numbers, "center": "Alpha", "label": "primary"})
    people["center"] = ("Alpha" + numbers).where(numbers.index < count // 2, "Alpha")
    people.to_csv(toml.parent / PATIENTS, index=False)
    files = {"image": "images/" + numbers + ".jpg", "mask": "masks/" + numbers + ".png"}
    pd.DataFrame({"image_id": numbers, "patient_id": numbers, **files}).to_csv(
        toml.parent / "images.csv", index=False
    )
    started = time.perf_counter()
    report = validate_study(toml)
    assert report.counts["errors"] > count
    assert time.perf_counter() - started < 10
