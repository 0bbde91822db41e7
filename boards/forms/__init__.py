"""Forms of the board. Nothing is chosen beforehand that a person has to say."""
