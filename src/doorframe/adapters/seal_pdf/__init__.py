"""The sealed PDF: one file that holds what was shown, who decided what, and a seal that notices any change.

`writing` makes the file with its attachments, `sealing` closes it, `verifying` tells years later whether it still is as
it was closed. Nothing here asks a clock or the network, except for the time-stamp authority that a practice may name.
Each module loads what it needs only when it is called, for sealing takes a large library.
"""

from __future__ import annotations

from doorframe.adapters.seal_pdf.errors import SealError
from doorframe.adapters.seal_pdf.keys import Key, load_key, new_key
from doorframe.adapters.seal_pdf.sealing import seal
from doorframe.adapters.seal_pdf.verdict import Check, Verdict
from doorframe.adapters.seal_pdf.verifying import verify
from doorframe.adapters.seal_pdf.writing import POLICY_FILE, RECORD_FILE, paper

__all__ = [
    "POLICY_FILE",
    "RECORD_FILE",
    "Check",
    "Key",
    "SealError",
    "Verdict",
    "load_key",
    "new_key",
    "paper",
    "seal",
    "verify",
]
