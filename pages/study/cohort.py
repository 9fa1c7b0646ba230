"""Who was studied, and are the groups comparable?"""

import streamlit as st

from sgcore import plots, ui

#: How table 2 counts, by the unit of the sidebar.
COUNTED = {
    "patient": "One value a patient: the mean, or the most frequent level, of the patient's images.",
    "image": "Every image counts; tests and intervals are clustered by patient, since images of one patient are alike.",
}

view = ui.start("Cohort", needs="study")
study, chosen = view.study, ui.pick_cohort(view)
tables = ui.cohort_tables(view.study_id, view.unit, by=chosen.by, subset=chosen.subset, center=chosen.center)
baseline, descriptors, sizes = tables["baseline"], tables["descriptors"], tables["groups"]
by = ui.cohort.by(chosen.by)

ui.answer(ui.cohort_answers.cohort(study, tables, chosen.by, chosen.place))
if nobody := ui.cohort_answers.nobody(sizes):
    ui.small(nobody)
st.header("Centers and labels", anchor=False)
ui.chart(
    plots.center_labels(tables["centers"], ui.theme(), (study.negative, study.positive)),
    view,
    name="centers-by-label",
    says=f"Patients of each label by center; {study.positive} is the positive label.",
    table=ui.cohort.centers(tables["centers"]),
    raw=tables["centers"],
)
st.header(f"Table 1: patients by {by}", anchor=False)
if view.unit == "image":
    st.write("What is known of patients is counted by patient, also where images are counted.")
if baseline.empty:
    st.write("The study brings no patient variables, such as age or sex, that could be compared.")
elif baseline["smd"].isna().all():
    ui.cohort.show(baseline, view, "patients-by-group")
else:
    ui.chart(
        plots.differences(baseline, ui.theme(), name="variable"),
        view,
        name="patients-by-group",
        says=ui.cohort_answers.differences(chosen.by, sizes),
        table=ui.cohort.groups(baseline),
        raw=baseline,
    )
st.header(f"Table 2: descriptors by {by}", anchor=False)
if study.descriptors is None:
    st.write(
        "The study brings no descriptors, so that there is no US family. A descriptors table would give it."
    )
elif descriptors.empty:
    st.write("No descriptor is known of these cases.")
else:
    st.write(COUNTED[view.unit])
    ui.cohort.show(descriptors, view, "descriptors-by-group")
st.header("Table 3: odds ratios of the descriptors", anchor=False)
odds = view.frame("odds_ratios")
if odds.empty:
    st.write("There are no odds ratios: no analysis with descriptors has been computed.")
else:
    ui.chart(
        plots.odds_ratios(odds, ui.theme()),
        view,
        name="odds-ratios",
        says=f"Above 1: more often {study.positive}. All training images, whoever is chosen above; intervals are "
        "clustered by patient.",
        table=ui.cohort.odds(odds),
        raw=odds,
    )
ui.unavailable(view, "US")
