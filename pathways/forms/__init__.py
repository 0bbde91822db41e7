"""Forms of the pathway's pages. A form never saves and never loses what was typed."""
