"""Authorisations: the written permission without which no client's story is told."""
