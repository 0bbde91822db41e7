"""What is typed, checked and handed to the actions. A form never saves and never loses what was typed.

Called by the views. Sentences of refusals are attached to the field that they are about.
"""
