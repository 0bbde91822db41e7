"""The one way in which an attachment is refused."""


class AttachmentRefused(ValueError):
    """The file is not kept; the text says what was found and what is accepted."""
