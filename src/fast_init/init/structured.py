"""The public functions for weights that are more than independent elements: in place, returning their array."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.orthogonal import DeltaOrthogonal, Orthogonal
from ..schemes.structured import Dirac, Eye, Sparse
from .docstrings import documented

__all__ = ["delta_orthogonal_", "dirac_", "eye_", "orthogonal_", "sparse_"]


@documented
def orthogonal_(
    array: A,
    gain: float = 1.0,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with gain times a matrix that is orthogonal, of the uniform (Haar) law: Q of a QR of normals.

    The array is read as a matrix of its output axes by all others, as PyTorch flattens it; the rows or the
    columns, whichever are fewer, are orthonormal. Axes ``e`` and ``b`` of the layout hold independent matrices.
    Q is LAPACK's: for one seed its bits may differ between machines and numbers of threads, by rounding.

    Parameters
    ----------
    {array}
        16-bit matrices are made in float32.
    gain
        Finite.
    {layout}
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", ICLR 2014; Mezzadri, "How to generate random matrices from the classical compact groups", 2007.

    Examples
    --------
    >>> w = orthogonal_(np.empty((64, 128), np.float64), seed=42)
    >>> bool(np.allclose(w @ w.T, np.eye(64)))
    True
    """
    scheme = Orthogonal(gain, layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
def delta_orthogonal_(
    array: A,
    gain: float = 1.0,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill a convolution with zeros but for the kernel's center, which is gain times an orthogonal matrix.

    A signal then passes with its norm times gain. The bits are LAPACK's, see `orthogonal_`.

    Parameters
    ----------
    {array}
        At least as many outputs as inputs.
    gain
        Finite.
    {layout}
        JAX's `delta_orthogonal` has ``"...io"``.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Xiao, Bahri, Sohl-Dickstein, Schoenholz and Pennington, "Dynamical isometry and a mean field theory of CNNs",
    ICML 2018.

    Examples
    --------
    >>> w = delta_orthogonal_(np.empty((32, 16, 3, 3), np.float64), seed=42)
    >>> bool(np.allclose(w[:, :, 1, 1].T @ w[:, :, 1, 1], np.eye(16))), int(np.count_nonzero(w))
    (True, 512)
    """
    scheme = DeltaOrthogonal(gain, layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
def sparse_(
    array: A,
    sparsity: float,
    std: float = 0.01,
    *,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill a matrix with N(0, std^2) and then, in each column, ceil(sparsity x rows) places with zeros.

    The other elements have the values of `normal_`. The zeros are where the words of an independent stream, that
    of the name with ``"\\0zeros"`` added, are the smallest of their column.

    Parameters
    ----------
    {array}
        Two axes.
    sparsity
        Share of zeros in each column, in [0, 1].
    std
        Finite, >= 0.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Martens, "Deep learning via Hessian-free optimization", ICML 2010.

    Examples
    --------
    >>> w = sparse_(np.empty((10, 4), np.float32), 0.3, seed=42)
    >>> (w == 0).sum(axis=0)
    array([3, 3, 3, 3])
    """
    scheme = Sparse(sparsity, std)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
def dirac_(array: A, groups: int = 1, *, on_empty: OnEmpty = "warn") -> A:
    """Fill a convolution, (outputs, inputs, kernel axes), so that it passes as many inputs on as it can.

    Parameters
    ----------
    {array}
        Three to five axes.
    groups
        Each group of outputs passes the same inputs on; a divisor of the outputs.
    on_empty
        As in `normal_`.

    Raises
    ------
    {raises}

    Examples
    --------
    >>> dirac_(np.empty((4, 2, 3), np.float32), groups=2)[:, :, 1]
    array([[1., 0.],
           [0., 1.],
           [1., 0.],
           [0., 1.]], dtype=float32)
    """
    return Dirac(groups).fill_(array, on_empty=on_empty)


@documented
def eye_(array: A, *, on_empty: OnEmpty = "warn") -> A:
    """Fill a matrix, not necessarily square, with ones on the diagonal and zeros elsewhere.

    Parameters
    ----------
    {array}
        Two axes.
    on_empty
        As in `normal_`.

    Raises
    ------
    {raises}

    Examples
    --------
    >>> eye_(np.empty((2, 2), np.float32))
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """
    return Eye().fill_(array, on_empty=on_empty)
