"""Faults of the surroundings: kills, full and failing disks, files that change, odd clocks."""
