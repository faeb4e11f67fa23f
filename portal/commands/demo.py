"""Placeholder."""


def install(main): ...
