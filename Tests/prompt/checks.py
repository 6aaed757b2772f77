"""The checks of the prompt, in the order in which they stand in their files."""
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function
