"""Scoring an archive of any size: parts, each an idempotent task, and a manifest that says what is done."""
