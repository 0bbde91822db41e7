"""The engine against a second interpreter, on generated rulesets and records."""
