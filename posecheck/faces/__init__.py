"""Faces are found for one reason only: to blur them in what leaves the case file."""
