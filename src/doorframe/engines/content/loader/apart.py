"""What is no part of the pack, read when it is needed: audit, authorisation, detection, mail, screening, signing."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from doorframe.engines.content import parts
from doorframe.engines.content import schema as s
from doorframe.engines.content.loader.files import OWN, ContentError, apart, digest, under
from doorframe.engines.content.loader.homes import homes
from doorframe.engines.content.reader import Parse

if TYPE_CHECKING:
    from doorframe.engines.content import audit, authorisation, detection, mail, screening, screening_people, signing


Found = TypeVar("Found")


def _sound(found: tuple[Found, list[s.Problem]]) -> Found:
    """What was read, where nothing is wrong with it."""
    if found[1]:
        raise ContentError(found[1])
    return found[0]


def load_audit(pack: s.Pack, *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> audit.AuditRules:
    """What the audit knows, apart from the pack: no document is built from it, and most commands never need it.

    Raises ContentError and OSError as `load` does.
    """
    return _sound(read_audit(pack, *extra, base=base, toml=toml))


def read_audit(
    pack: s.Pack, *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads
) -> tuple[audit.AuditRules, list[s.Problem]]:
    """Like `load_audit`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import audit  # late: no document needs it

    _bytes, sources, problems = apart("audit/", (base, *extra), toml)
    classes = audit.words(sources.get("audit/words.toml"))
    topics = [audit.topic(sources[name], classes, pack.topics) for name in under(sources, "audit/topics/")]
    defects = [audit.defect(sources[name], classes) for name in under(sources, "audit/defects/")]
    known = {one.topic: one for one in topics if one}
    rules = audit.AuditRules(
        classes, {id: known[id] for id in pack.topics if id in known}, {one.id: one for one in defects if one},
        audit.audiences(sources.get("audit/audience.toml"), classes),
    )  # fmt: skip
    verified = {ref for ref, item in pack.references.items() if item.verified} | {"good-practice"}
    cited = [(one.file, one.cites) for one in rules.topics.values()]
    cited += [(one.file, one.cites + tuple(ref for sign in one.signs for ref in sign.cites))
              for one in rules.defects.values()]  # fmt: skip
    problems += [s.Problem(file, 0, f"there is no verified citation “{ref}”")
                 for file, refs in cited for ref in refs if ref not in verified]  # fmt: skip
    return rules, list(dict.fromkeys(problems))


def load_detection(
    *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads, verified: frozenset[str] | None = None
) -> detection.DetectionContent:
    """What the detector knows in words, apart from the pack. With `verified`, references must be among these.

    Raises ContentError and OSError as `load` does.
    """
    return _sound(read_detection(*extra, base=base, toml=toml, verified=verified))


def read_detection(
    *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads, verified: frozenset[str] | None = None
) -> tuple[detection.DetectionContent, list[s.Problem]]:
    """Like `load_detection`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import detection  # late: no document needs it

    files, sources, problems = apart("detection/", (base, *extra), toml)
    # Our own patterns are tried by `doorframe content check` and by tests; somebody else's at every start.
    content = detection.read(sources, digest(files), patterns=bool(extra) or verified is not None)
    problems += [s.Problem(file, 0, said) for file, said in detection.missing(content)]
    if verified is not None:
        known = verified | {"good-practice"}
        problems += [s.Problem(one.file, 0, f"there is no verified citation “{ref}”")
                     for one in content.tactics.values() for ref in one.sources if ref not in known]  # fmt: skip
    return content, list(dict.fromkeys(problems))


def load_mail(*extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> mail.Revealing:
    """The words that no mail may hold, apart from the pack: no document is built from them.

    Raises ContentError and OSError as `load` does.
    """
    return _sound(read_mail(*extra, base=base, toml=toml))


def read_mail(*extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> tuple[mail.Revealing, list[s.Problem]]:
    """Like `load_mail`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import mail  # late: no document needs it

    _bytes, sources, problems = apart("mail/", (base, *extra), toml)
    words = mail.revealing(sources.pop("mail/revealing.toml", None))
    problems += [s.Problem(name, 0, "nothing reads this file: its name is not one of ours") for name in sources]
    return words, problems


def load_screening(
    *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads, verified: frozenset[str] | None = None
) -> screening.ScreeningRules:
    """What screening knows, apart from the pack. With `verified`, references must be among these.

    Raises ContentError and OSError as `load` does.
    """
    return _sound(read_screening(*extra, base=base, toml=toml, verified=verified))


def read_screening(
    *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads, verified: frozenset[str] | None = None
) -> tuple[screening.ScreeningRules, list[s.Problem]]:
    """Like `load_screening`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import screening  # late: no document needs it

    files, sources, problems = apart("screening/", (base, *extra), toml)
    # Our own patterns are tried by `doorframe content check` and by tests; somebody else's at every start.
    rules = screening.read(sources, digest(files), patterns=bool(extra) or verified is not None)
    rules = replace(rules, homes=homes((base, *extra), toml))
    if verified is not None:
        known = verified | {"good-practice"}
        problems += [s.Problem(file, 0, f"there is no verified citation “{ref}”")
                     for file, refs in screening.cited(rules) for ref in refs if ref not in known]  # fmt: skip
    return rules, list(dict.fromkeys(problems))


def load_people(*extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> screening_people.PeopleTables:
    """The open tables of how many people fit a detail, read when a story is first told.

    Raises ContentError and OSError as `load` does.
    """
    return _sound(read_people(*extra, base=base, toml=toml))


def read_people(
    *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads
) -> tuple[screening_people.PeopleTables, list[s.Problem]]:
    """Like `load_people`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import screening_people  # late: no document needs it

    _bytes, sources, problems = apart("screening/", (base, *extra), toml)
    tables = screening_people.people_tables([sources[name] for name in under(sources, "screening/people/")])
    return tables, list(dict.fromkeys(problems))


def load_signing(pack: s.Pack, *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> signing.Signing:
    """What is said around the reading and signing of a policy, apart from the pack: no document is built from it.

    Raises ContentError and OSError as `load` does.
    """
    return _sound(read_signing(pack, *extra, base=base, toml=toml))


def read_signing(
    pack: s.Pack, *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads
) -> tuple[signing.Signing, list[s.Problem]]:
    """Like `load_signing`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import signing, signing_checks  # late: no document needs them

    files, sources, problems = apart("signing/", (base, *extra), toml)
    words = signing.read(sources, digest(files))
    problems += signing_checks.check(pack, words)
    return words, list(dict.fromkeys(problems))


def load_certificate(*extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> dict[str, str]:
    """The words of the certificate, by their keys.

    Raises ContentError and OSError as `load` does.
    """
    name = "signing/certificate.toml"
    _bytes, sources, problems = apart("signing/", (base, *extra), toml)
    table = parts.toml_table(sources[name], "the certificate")
    words = table.any("words") if table else {}
    if not isinstance(words, dict) or not all(isinstance(text, str) for text in words.values()):
        problems.append(s.Problem(name, 0, "words is a table of texts"))
    if problems:
        raise ContentError(problems)
    assert isinstance(words, dict)
    return words


def load_authorisation(
    pack: s.Pack, *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads
) -> authorisation.Forms:
    """What a client reads before they allow their story. Raises ContentError and OSError as `load` does."""
    return _sound(read_authorisation(pack, *extra, base=base, toml=toml))


def read_authorisation(
    pack: s.Pack, *extra: Path, base: Path = OWN, toml: Parse = tomllib.loads
) -> tuple[authorisation.Forms, list[s.Problem]]:
    """Like `load_authorisation`, but returns the problems beside whatever could be read."""
    from doorframe.engines.content import authorisation  # late: no document needs it

    files, sources, problems = apart("authorisation/", (base, *extra), toml)
    words = authorisation.read(sources, digest(files))
    return words, list(dict.fromkeys([*problems, *authorisation.check(pack, words)]))
