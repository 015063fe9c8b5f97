"""Hash grids, as of Instant NGP."""

from __future__ import annotations

from ...schemes.distributions import Uniform
from ...schemes.variance_scaling import xavier_uniform
from ..recipe import Recipe
from .layers import every

__all__ = ["hash_grid"]


def hash_grid(limit: float = 1e-4) -> Recipe:
    """Return the recipe of a field with a hash encoding: entries of almost zero, and Glorot's law for the networks.

    - entries of the hash tables: U(-limit, limit), "a small amount of randomness while encouraging initial predictions
      close to zero"
    - weights of the networks, which have no biases: U(-sqrt(6 / (fan_in + fan_out)), sqrt(6 / (fan_in + fan_out)))

    Source: Müller et al., "Instant neural graphics primitives with a multiresolution hash encoding", arXiv 2201.05989,
    section 4, Initialization; their code, NVlabs/tiny-cuda-nn, encodings/grid.h, initialize_params.
    ashawkey/torch-ngp, whose names these are, has the same entries (gridencoder/grid.py, GridEncoder.reset_parameters),
    but PyTorch's default for the networks.

    Parameters
    ----------
    limit
        1e-4 in the paper.

    Returns
    -------
    Recipe
        For the names of torch-ngp's NeRFNetwork: encoder.embeddings, sigma_net.0.weight, color_net.0.weight and so on.

    Raises
    ------
    TypeError, ValueError
        limit is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import hash_grid
    >>> hash_grid().rule_for("encoder.embeddings").scheme
    uniform(a=-0.0001, b=0.0001)
    """
    tables, networks = ("encoder*.embeddings", "*.encoder*.embeddings"), ("*_net.{l}.weight", "*backbone.{l}.weight")
    return Recipe([*every(Uniform(-limit, limit), *tables), *every(xavier_uniform(), *networks)])
