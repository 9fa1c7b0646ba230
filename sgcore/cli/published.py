"""The command on publications: an audit of printed numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.console import AsJson, errors, output, print_json, reported
from sgcore.cli.summaries import print_findings
from sgcore.errors import UsageError


def register(app: typer.Typer) -> None:
    app.command()(published)


def published(
    paper: Annotated[
        Path | None, typer.Argument(metavar="PAPER.toml", help="The numbers that the paper reports.")
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Audit the file that ships, the reference study.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Audits a publication from its printed numbers: no images, no predictions.

    Exit 1 with every problem where the file cannot be used.
    """
    from sgcore import workflow

    with reported(as_json):
        if (paper is None) != example:
            raise UsageError("Name one paper file, or --example for the one that ships.")
        path = workflow.published_example() if paper is None else paper
        read, findings = workflow.audit_published(path)
    summary = workflow.published_summary(read, findings)
    if as_json:
        print_json(summary)
        return
    if example:
        errors.print(f"note: the example is {path}; copy it to begin a file of your own")
    output.print(f"{read.paper.title}{f' ({read.paper.citation})' if read.paper.citation else ''}\n")
    print_findings(summary["findings"])
    counts = {
        status: sum(finding.status == status for finding in findings)
        for status in ("finding", "passed", "not_applicable")
    }
    output.print(
        f"\n{len(findings)} checks: {counts['finding']} with a finding, {counts['passed']} passed, "
        f"{counts['not_applicable']} not applicable (no pass)."
    )
