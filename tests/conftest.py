"""What holds for every test: no test asserts a speed, so no example of a property has a deadline."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
