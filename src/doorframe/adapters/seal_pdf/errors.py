"""What can go wrong while a document is sealed."""

from __future__ import annotations


class SealError(Exception):
    """The document cannot be sealed; the message is a sentence for a person. Nothing was changed."""
