"""Adapters are the edges: files, formats and libraries that are not ours."""
