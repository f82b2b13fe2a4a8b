"""Opening photos: from whatever the caller has to upright RGB pixels.

Importing this package is cheap; Pillow is imported when the first photo is opened, and each
format's decoder when the first file of that format is.
"""

from posecheck.opening.folders import PHOTO_SUFFIXES, iter_photo_paths
from posecheck.opening.photo import Limits, Photo, open_photo
from posecheck.opening.source import PhotoSource

__all__ = [
    "PHOTO_SUFFIXES",
    "Limits",
    "Photo",
    "PhotoSource",
    "iter_photo_paths",
    "open_photo",
]
