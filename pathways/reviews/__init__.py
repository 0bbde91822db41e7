"""Reviews: an assessment frozen with its facts, what a person thought of each option, and the proof of both."""
