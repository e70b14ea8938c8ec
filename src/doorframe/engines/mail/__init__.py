"""Mail: whether words would tell a stranger of care, and what a person is called without their profession."""
