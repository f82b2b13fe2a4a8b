"""A page on this computer where people decide what flagged photos resemble."""
