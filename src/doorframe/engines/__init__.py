"""Engines decide: plain values in, plain values out. No Django, clock, network or database."""
