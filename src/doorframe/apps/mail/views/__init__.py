"""Pages about the mail that went out."""
