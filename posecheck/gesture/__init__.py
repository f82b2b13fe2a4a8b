"""Gestures: from a hand's landmarks and features to a probability for every gesture."""
