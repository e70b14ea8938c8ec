"""One encrypted file with everything of an installation, and the way back from it."""
