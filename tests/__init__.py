"""The tests of netcare; see `docs/how-to/test.md` for the kinds and how to run one of them alone."""
