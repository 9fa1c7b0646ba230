"""What a publication's own numbers say: a paper file, and the checks that need nothing else."""

from sgcore.audit.published.answer import Answer, PaperCheck, PaperFinding
from sgcore.audit.published.paper import Paper
from sgcore.audit.published.paper_file import (
    PaperError,
    decoded,
    paper_of,
    parse_paper,
    parse_toml,
    read_paper,
)
from sgcore.audit.published.registry import PAPER_CHECKS, audit_paper
from sgcore.audit.published.toml_text import toml_text

__all__ = [
    "PAPER_CHECKS",
    "Answer",
    "Paper",
    "PaperCheck",
    "PaperError",
    "PaperFinding",
    "audit_paper",
    "decoded",
    "paper_of",
    "parse_paper",
    "parse_toml",
    "read_paper",
    "toml_text",
]
