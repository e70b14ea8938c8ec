"""Doorframe keeps a therapist's professional frame intact online."""

__version__ = "0.1.0"
