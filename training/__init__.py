"""Training of `models/gesture.onnx`; not part of the package.  See training/README.md."""
