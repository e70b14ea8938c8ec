"""A room whose one job does nothing, so that what is measured is the way there. See benchmarks/jobs.py."""
