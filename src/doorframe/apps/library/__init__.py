"""Library: the packs of content in force."""
