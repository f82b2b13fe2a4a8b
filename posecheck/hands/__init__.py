"""Hands: from upright pixels to every hand's box, landmarks and features."""
