"""What can go wrong while a Document becomes a file."""

from __future__ import annotations


class RenderError(Exception):
    """A document could not be turned into a file; the message is a sentence for a person."""


class UnknownFormat(RenderError):
    """The asked format has no renderer."""


class DoesNotFit(RenderError):
    """A one-page document is too long for one page even in the smallest type we allow."""


class MissingTypeface(RenderError):
    """A typeface that the documents are set in is not installed with the application."""
