"""Measurements for the documents: printed, never asserted."""
