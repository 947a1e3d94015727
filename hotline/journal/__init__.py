"""Journals on the disk: stored, found again, checked, moved and pruned."""
