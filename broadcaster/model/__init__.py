"""The words of the station: the values that the stages hand to one another.

Nothing here reads a clock, a file or a device. Stages do not import each other; they meet in these words.
Every ``datetime`` is aware.
"""
