"""The figures of the documents, measured here: ``python -m tests.bench [SUBJECT …]``. Nothing is asserted."""
