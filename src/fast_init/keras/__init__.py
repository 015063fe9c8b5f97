"""Keras, on the backend that it runs on: initialisers and whole models. Needs the extra `keras`.

Examples
--------
>>> import fast_init.keras
>>> kernel = fast_init.keras.Initializer(fast_init.from_keras("he_normal"), seed=42, name="dense/kernel")
>>> dense = keras.layers.Dense(8, kernel_initializer=kernel)
>>> dense.build((None, 4))
>>> tuple(dense.kernel.shape)
(4, 8)
"""

from .initializers import Initializer
from .models import init_

__all__ = ["Initializer", "init_"]
