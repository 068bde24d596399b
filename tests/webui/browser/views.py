"""The screens that the page is looked at on."""

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
VIEWS = {"desk": DESK, "phone": PHONE}
