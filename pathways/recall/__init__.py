"""Recall: after a version is published, the signed lists that it would give otherwise, until somebody has looked again."""
