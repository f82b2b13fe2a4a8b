"""The parts of docs/accuracy.md; `benchmarks/accuracy_page.py` puts them together."""
