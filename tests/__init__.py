"""The tests of netcare; see `docs/testing.md` for the kinds and how to run one of them alone."""
