"""The study: what textbooks say of initial weights, measured on networks that this package fills.

`propagate` sends a signal and a gradient through a network of any sizes, activation and scheme, and returns them as
arrays; `predict` is what theory expects of it; `measure` decides the claims. Only `fast_init.study.page` needs
matplotlib: ``pip install 'fast-init[study]'``.

Examples
--------
>>> from fast_init.study import propagate
>>> signals = propagate([256] * 51, "relu", lecun_normal(), seed=0)
>>> round(float((signals.forward[-1] / signals.forward[0]) ** (1 / 98)), 1)  # a layer loses sqrt(2) of sigma
0.7
"""

from .findings import Claim, Topic
from .networks.activations import ACTIVATIONS, Activation
from .networks.lineup import SCHEMES, scheme_of
from .networks.propagation import Signals, propagate
from .networks.theory import predict
from .topics.recipe_signals import RecipeSignals, recipe_signals
from .topics.table import TOPICS, measure

__all__ = [
    "ACTIVATIONS",
    "SCHEMES",
    "TOPICS",
    "Activation",
    "Claim",
    "RecipeSignals",
    "Signals",
    "Topic",
    "measure",
    "predict",
    "propagate",
    "recipe_signals",
    "scheme_of",
]
