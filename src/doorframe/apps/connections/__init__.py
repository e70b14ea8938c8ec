"""Connections: what another program of the practice may read, and what it is told by itself."""
