"""The pages about connections, and the read API."""
