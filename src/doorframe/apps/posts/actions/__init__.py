"""The only writes of posts."""
