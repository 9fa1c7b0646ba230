"""Who was studied, and are the groups comparable?"""

import streamlit as st

from sgcore import plots, ui

#: How table 2 counts, by the unit of the sidebar.
COUNTED = {
    "patient": "One value a patient: the mean, or the most frequent level, of the patient's images.",
    "image": "Every image counts; tests and intervals are clustered by patient, since images of one patient are alike.",
}

view = ui.start("Cohort", needs="study")
study, tables = view.study, ui.cohort_tables(view.study_id, view.unit)
baseline, descriptors = tables["baseline"], tables["descriptors"]

ui.answer(ui.cohort_answer(study, baseline))
st.subheader("Centers and labels", anchor=False)
ui.chart(
    plots.center_labels(tables["centers"], ui.theme(), (study.negative, study.positive)),
    view,
    name="centers-by-label",
    says=f"Patients of each label by center; {study.positive} is the positive label.",
    table=ui.cohort.centers(tables["centers"]),
    raw=tables["centers"],
)
st.subheader("Table 1: patients", anchor=False)
if view.unit == "image":
    st.write("What is known of patients is counted by patient, also where images are counted.")
if baseline.empty:
    st.write("The study brings no patient variables, such as age or sex, that could be compared.")
elif baseline["smd"].isna().all():
    ui.tables.wrapped(ui.cohort.groups(baseline), longest=240)
    ui.download(baseline, view, "patients-by-group")
else:
    ui.chart(
        plots.differences(baseline, ui.theme(), name="variable"),
        view,
        name="patients-by-group",
        says="How far the groups are apart in units of their spread. Up to 0.1 is commonly read as balanced.",
        table=ui.cohort.groups(baseline),
        raw=baseline,
    )
st.subheader("Table 2: descriptors by label", anchor=False)
if descriptors.empty:
    st.write(
        "The study brings no descriptors, so that there is no US family. A descriptors table would give it."
    )
else:
    st.write(COUNTED[view.unit])
    ui.tables.wrapped(ui.cohort.groups(descriptors), longest=240)
    ui.download(descriptors, view, "descriptors-by-label")
st.subheader("Table 3: odds ratios of the descriptors", anchor=False)
odds = view.frame("odds_ratios")
if odds.empty:
    st.write("There are no odds ratios: no analysis with descriptors has been computed.")
else:
    ui.chart(
        plots.odds_ratios(odds, ui.theme()),
        view,
        name="odds-ratios",
        says=f"Above 1: more often {study.positive}. Training images; intervals are clustered by patient.",
        table=ui.cohort.odds(odds),
        raw=odds,
    )
ui.unavailable(view, "US")
