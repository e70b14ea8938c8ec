"""The only writes. Each is one transaction with its line on the trail, which holds ids, days and counts alone."""
