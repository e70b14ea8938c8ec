"""Answers of a practice whose policy can be published as it is."""

from __future__ import annotations

from typing import Any

COMPLETE: dict[str, Any] = {
    "country": "US", "region": "US-OR", "profession": "psychologist", "practice": "solo",
    "practice_name": "Harbour Lane Therapy", "therapist_name": "Dr Imani Cole",
    "board_name": "Oregon Board of Psychology", "board_contact": "oregon.gov/psychology",
    "clients": ["adults"], "phone": "(503) 555-0142", "email": "office@harbour-lane.example",
    "website": "https://harbour-lane.example", "address": "12 Harbour Lane\nPortland, OR 97201",
    "response_time": "within two working days",
}  # fmt: skip
"""Answers with which nothing blocks publishing."""
