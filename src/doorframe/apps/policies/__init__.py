"""Policies: from the first answer to a published version, and the documents issued from it."""
