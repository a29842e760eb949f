"""Reads the lists of names that this recipe keeps as text."""


def names_in(text: str) -> frozenset[str]:
    """Names between commas."""
    return frozenset(text.replace("\n", " ").strip().split(", "))


def entries_in(text: str) -> list[tuple[str, str]]:
    """What stands before and behind the colon of each entry, between semicolons; nothing behind where none is."""
    parts = (entry.partition(":") for entry in text.replace("\n", " ").split(";"))
    return [(before.strip(), behind.strip()) for before, _colon, behind in parts]
