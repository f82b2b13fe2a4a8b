"""What runs the networks: onnxruntime, or OpenVINO where it is installed and wanted."""
