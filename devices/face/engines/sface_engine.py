"""SFace through OpenCV: the default."""

import cv2
import numpy as np

from devices.face.engines import SFACE_KIND, Image, Kind, Points, Vector
from devices.face.looking import SIDE, aligned
from devices.face.models import SFACE


class SFace:
    kind: Kind = SFACE_KIND

    def __init__(self, net: cv2.dnn.Net) -> None:
        self._net = net

    def embed(self, image: Image, points: Points) -> Vector:
        crop = aligned(image, points)
        # FaceRecognizerSF.feature cannot read the int8 model in OpenCV 5.0: it counts its weights as inputs. The net
        # behind it can, with the input named, and gives the same numbers.
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1.0, (SIDE, SIDE), (0, 0, 0), swapRB=True, crop=False), "data")
        vector = self._net.forward().ravel()
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def load() -> SFace:
    return SFace(cv2.dnn.readNetFromONNX(str(SFACE.path())))
