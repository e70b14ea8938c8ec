"""The pack in force: our content with the practice's own folder on top, read once for each process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from doorframe.engines.content import languages, loader
from doorframe.engines.content.schema import Pack
from doorframe.engines.content.signing import Signing
from doorframe.engines.coverage.sight import Sieve


def pack() -> Pack:
    """The checked pack; what its interview says is in the spelling of the page that is being made.

    Raises ContentError when a content file is wrong: better no page than a wrong clause.
    """
    language, _, region = (translation.get_language() or "").partition("-")
    return _spoken(f"{language}-{region.upper()}")


@cache
def _spoken(tag: str) -> Pack:
    return languages.spoken(_read(), tag)


@cache
def sieve() -> Sieve:
    """What the audit of a policy knows, ready: read and compiled at the first audit, with the same folders as the pack.

    Raises ContentError as `pack` does.
    """
    return Sieve(loader.load_audit(_read(), *folders()))


@cache
def signing() -> Signing:
    """What is said around the reading and signing of a policy. Raises ContentError as `pack` does."""
    return loader.load_signing(_read(), *folders())


@cache
def certificate_words() -> dict[str, str]:
    """The words of the certificate. Raises ContentError as `pack` does."""
    return loader.load_certificate(*folders())


@cache
def _read() -> Pack:
    return loader.load(*folders())


def folders() -> list[Path]:
    """The practice's own content folder, where a setting names one."""
    own = getattr(settings, "CONTENT", None)
    return [Path(own)] if own else []
