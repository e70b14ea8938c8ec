"""Content: the shape of every pack, and the one place that opens content files."""
