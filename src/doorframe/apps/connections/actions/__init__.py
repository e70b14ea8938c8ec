"""The only writes of connections."""
