"""Views of the board: load, call one action, redirect; a refusal comes back with what was typed."""
