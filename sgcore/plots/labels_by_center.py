"""Who was studied: patients of each label in every center."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Letters of a name on an axis, and the share of the longest bar that the text of a part needs.
_NAME, _ROOM = 26, 0.15


@drawn_once
def center_labels(centers: pd.DataFrame, theme: Theme, labels: tuple[str, str]) -> go.Figure:
    """Patients of each label by center; ``center, role`` and one column a label.

    The numbers stand in the bar, or behind it where one of its parts has no room for them.
    """
    chart = figure(theme, height=110 + 44 * len(centers))
    # By place, not by name: two long names may be cut to the same.
    places = list(range(len(centers)))
    names = [words.inert(f"{words.short(row.center, _NAME)} ({row.role})") for row in records(centers)]
    whole = [words.inert(row.center) for row in records(centers)]
    counts = centers[list(labels)]
    total = counts.sum(axis=1)
    longest = max(1, total.max())
    texts = [
        [f"{n} ({n / of:.0%})" if n else "" for n in row]
        for row, of in zip(counts.to_numpy(), total, strict=True)
    ]
    roomy = (counts.where(counts > 0).min(axis=1) >= _ROOM * longest).tolist()
    for i, (label, color) in enumerate(zip(labels, (theme.negative, theme.positive), strict=True)):
        chart.add_trace(
            go.Bar(
                orientation="h",
                y=places,
                x=centers[label],
                customdata=whole,
                name=words.inert(words.short(label, _NAME)),
                marker={"color": color},
                text=[text[i] if fits else "" for text, fits in zip(texts, roomy, strict=True)],
                textposition="inside",
                textangle=0,
                insidetextfont={"color": theme.paper},
                hovertemplate=f"%{{customdata}}: %{{x}} {words.inert(label)}<extra></extra>",
            )
        )
    behind = [i for i in places if not roomy[i] and total.iloc[i]]
    for i in behind:
        chart.add_annotation(
            x=total.iloc[i],
            y=i,
            text=" · ".join(filter(None, texts[i])),
            xanchor="left",
            xshift=4,
            showarrow=False,
            font={"color": theme.text},
        )
    reach = max((total.iloc[i] + 2.5 * _ROOM * longest for i in behind), default=0)
    chart.update_layout(barmode="stack", bargap=0.35, legend={"traceorder": "normal"})
    chart.update_xaxes(title_text="Patients", range=[0, max(longest * 1.05, reach)])
    chart.update_yaxes(autorange="reversed", showgrid=False, tickvals=places, ticktext=names)
    return chart
