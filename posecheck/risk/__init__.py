"""Meaning: contests, rule sets, settings, and the risk that follows from them.

Import from the modules: most of them need no NumPy, and commands that only read contests and rule
sets should not wait for it.
"""
