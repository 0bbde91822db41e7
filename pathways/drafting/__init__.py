"""Work on a ruleset before it is published: what a change is, in sentences. No models live in these modules."""
