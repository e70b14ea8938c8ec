"""The report for the moderators of a group: what was kept of the verdicts as a Document with pictures."""

from __future__ import annotations

from doorframe.adapters.detection_report.paper import document
from doorframe.adapters.detection_report.read import Read

__all__ = ["Read", "document"]
