"""Why a file is not kept."""


class Refused(ValueError):
    """The file is not taken. The message is for the person who brought it and says what would be right."""
