"""Content in: `load` gives the checked pack, the others what stands apart from it, or every problem with its file."""

from doorframe.engines.content.loader.apart import (
    load_audit,
    load_authorisation,
    load_certificate,
    load_detection,
    load_mail,
    load_people,
    load_screening,
    load_signing,
    read_audit,
    read_authorisation,
    read_detection,
    read_mail,
    read_people,
    read_screening,
    read_signing,
)
from doorframe.engines.content.loader.files import OWN, ContentError
from doorframe.engines.content.loader.pack import load, read

__all__ = [
    "OWN",
    "ContentError",
    "load",
    "load_audit",
    "load_authorisation",
    "load_certificate",
    "load_detection",
    "load_mail",
    "load_people",
    "load_screening",
    "load_signing",
    "read",
    "read_audit",
    "read_authorisation",
    "read_detection",
    "read_mail",
    "read_people",
    "read_screening",
    "read_signing",
]
