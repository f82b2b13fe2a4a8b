"""Scanning folders of photos: listed, queued, checked by worker processes, stored."""
