"""Signatures: what clients were shown, what they asked, and what they agreed to."""
