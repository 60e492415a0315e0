"""The demo app in a lab."""


def reset(lab):
    pass
