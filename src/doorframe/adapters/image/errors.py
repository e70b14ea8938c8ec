"""What keeps a picture from being cleaned, said to the person who brought it."""

from __future__ import annotations


class Refused(Exception):
    """The picture is not taken. str() is one sentence, or two, that say what is wrong and what to do."""


class Broken(Exception):
    """The bytes do not follow their own format. For the inside of this package; a person is told Refused."""


DAMAGED = "This picture is damaged, or only part of it arrived. Copy it once more from where it came, and try again."
EMPTY = "This file is empty. Choose the picture once more."
NO_HEIC = "Pictures from an iPhone (HEIC) cannot be read on this installation. Save it as JPEG, and try again."
TOO_LARGE = "This picture is too large to be opened here. Save a smaller copy, and try again."
NO_PICTURE = "This is not a picture that can be cleaned. Choose a JPEG, PNG, WebP or HEIC picture."
UNSURE = "It could not be proved that this picture is clean, so nothing was kept. Save it as PNG, and try again."
