"""Every scheme with its formula, its paper and its names elsewhere: the tables of docs/schemes.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from fast_init.schemes.scheme import FACTORIES, Scheme

__all__ = ["CATALOGUE", "Call", "Entry", "written"]

MATRIX, KERNEL = (256, 128), (256, 128, 3, 3)  # examples in the layout "oi...": 128 in, 256 out


SCALING = ("scale", "mode", "distribution")
NUMBERS = {1 / 3: "1 / 3", sqrt(5): "sqrt(5)"}  # that read better than their digits


class Call(NamedTuple):
    """A name, here or in another library, and its options."""

    name: str
    options: Mapping[str, Any] = {}

    def __str__(self) -> str:
        """Write options by name, but those of variance scaling by place, as all libraries take them."""
        options = self.options.items()
        words = (_number(v) if (*self.options,) == SCALING else f"{k}={_number(v)}" for k, v in options)
        return f"{self.name}({', '.join(words)})" if self.options else self.name


class Entry(NamedTuple):
    """A scheme; torch, jax and keras are what `from_torch` and the others take, None where there is none."""

    call: Call
    formula: str
    fans: str
    paper: str
    torch: Call | None
    jax: Call | None
    keras: Call | None
    aliases: tuple[str, ...] = ()
    shape: tuple[int, ...] = MATRIX

    def record(self) -> Scheme:
        """Return the record."""
        return FACTORIES[self.call.name](**self.call.options)


def _number(value: object) -> str:
    return next((text for number, text in NUMBERS.items() if number == value), repr(value))


def _scaled(scale: float, mode: str, distribution: str) -> dict[str, Any]:
    return {"scale": scale, "mode": mode, "distribution": distribution}


def _keras(scale: float, mode: str) -> Call:
    return Call("VarianceScaling", _scaled(scale, mode, "untruncated_normal"))


def _jax(scale: float, mode: str, distribution: str = "normal") -> Call:
    return Call("variance_scaling", _scaled(scale, mode, distribution))


HE, XAVIER, LECUN = "He et al., 2015", "Glorot and Bengio, 2010", "LeCun et al., 1998"
CUT = "N(0, s²) cut at ±2 s"

CATALOGUE: tuple[Entry, ...] = (
    Entry(
        Call("he_normal"), "N(0, gain² / fan), gain = sqrt(2)", "in", HE,
        Call("kaiming_normal_"), _jax(2.0, "fan_in"), _keras(2.0, "fan_in"), ("kaiming_normal",),
    ),
    Entry(
        Call("he_uniform"), "U(±gain sqrt(3 / fan)), gain = sqrt(2)", "in", HE,
        Call("kaiming_uniform_"), Call("he_uniform"), Call("he_uniform"), ("kaiming_uniform",),
    ),
    Entry(
        Call("xavier_normal"), "N(0, gain² / fan), gain = 1", "(in + out) / 2", XAVIER,
        Call("xavier_normal_"), _jax(1.0, "fan_avg"), _keras(1.0, "fan_avg"), ("glorot_normal",),
    ),
    Entry(
        Call("xavier_uniform"), "U(±gain sqrt(3 / fan)), gain = 1", "(in + out) / 2", XAVIER,
        Call("xavier_uniform_"), Call("glorot_uniform"), Call("glorot_uniform"), ("glorot_uniform",),
    ),
    Entry(
        Call("lecun_normal"), "N(0, 1 / fan)", "in", LECUN,
        Call("kaiming_normal_", {"nonlinearity": "linear"}), _jax(1.0, "fan_in"), _keras(1.0, "fan_in"),
    ),
    Entry(
        Call("lecun_uniform"), "U(±sqrt(3 / fan))", "in", LECUN,
        Call("kaiming_uniform_", {"nonlinearity": "linear"}), Call("lecun_uniform"), Call("lecun_uniform"),
    ),
    Entry(
        Call("he_uniform", {"a": sqrt(5)}), "U(±1 / sqrt(fan))", "in", "",
        Call("Linear"), _jax(1 / 3, "fan_in", "uniform"), Call("VarianceScaling", _scaled(1 / 3, "fan_in", "uniform")),
    ),
    Entry(
        Call("variance_scaling", _scaled(2.0, "fan_in", "truncated_normal")), CUT, "in", HE,
        None, Call("he_normal"), Call("he_normal"),
    ),
    Entry(
        Call("variance_scaling", _scaled(1.0, "fan_avg", "truncated_normal")), CUT, "(in + out) / 2", XAVIER,
        None, Call("glorot_normal"), Call("glorot_normal"),
    ),
    Entry(
        Call("variance_scaling", _scaled(1.0, "fan_in", "truncated_normal")), CUT, "in", LECUN,
        None, Call("lecun_normal"), Call("lecun_normal"),
    ),
    Entry(
        Call("variance_scaling", _scaled(1.0, "fan_geo_avg", "normal")), "N(0, scale / fan)", "sqrt(in out)", "",
        None, _jax(1.0, "fan_geo_avg"), None,
    ),
    Entry(
        Call("orthogonal"), "rows or columns orthogonal, of length gain = 1", "", "Saxe et al., 2014",
        Call("orthogonal_"), Call("orthogonal"), Call("orthogonal"),
    ),
    Entry(
        Call("delta_orthogonal"), "the center of the kernel orthogonal, else 0", "", "Xiao et al., 2018",
        None, Call("delta_orthogonal"), None, shape=KERNEL,
    ),
    Entry(
        Call("sparse", {"sparsity": 0.9}), "N(0, std²), std = 0.01; 0.9 of each column 0", "",
        "Martens, 2010", Call("sparse_", {"sparsity": 0.9}), None, None,
    ),
    Entry(
        Call("dirac"), "1 in the center of kernel k of output k, else 0", "", "Zagoruyko and Komodakis, 2017",
        Call("dirac_"), None, None, shape=KERNEL,
    ),
    Entry(
        Call("icnr"), "output c r² + k is output c of a kernel, r = upscale = 2, k < r²", "", "Aitken et al., 2017",
        None, None, None, shape=KERNEL,
    ),
    Entry(Call("eye"), "1 on the diagonal, else 0", "", "Le et al., 2015", Call("eye_"), None, Call("identity")),
    Entry(
        Call("normal", {"std": 0.02}), "N(mean, std²), mean = 0", "", "",
        Call("normal_", {"std": 0.02}), Call("normal", {"stddev": 0.02}), Call("random_normal", {"stddev": 0.02}),
    ),
    Entry(
        Call("uniform"), "U[a, b), a = 0, b = 1", "", "", Call("uniform_"), Call("uniform", {"scale": 1.0}),
        Call("random_uniform", {"minval": 0.0, "maxval": 1.0}),
    ),
    Entry(
        Call("trunc_normal", {"std": 0.02}), "N(mean, std²) cut at a and b, mean = 0, a = -2, b = 2", "", "",
        Call("trunc_normal_", {"std": 0.02}),
        Call("truncated_normal", {"stddev": 0.02, "lower": -100.0, "upper": 100.0}), None,
    ),
    Entry(
        Call("trunc_normal", {"std": 0.02, "bounds": "sigma"}), "N(mean, std²) cut at mean ± 2 std", "", "",
        Call("trunc_normal_", {"std": 0.02, "a": -0.04, "b": 0.04}), Call("truncated_normal", {"stddev": 0.02}),
        Call("truncated_normal", {"stddev": 0.02}),
    ),
    Entry(
        Call("constant", {"val": 0.5}), "val", "", "",
        Call("constant_", {"val": 0.5}), Call("constant", {"value": 0.5}), Call("constant", {"value": 0.5}),
    ),
    Entry(
        Call("log_uniform", {"a": 0.001, "b": 0.1}), "exp(U[log a, log b))", "", "Hamming, 1970", None, None, None
    ),
    Entry(
        Call("inv_softplus_log_uniform"), "log(exp(x) - 1), x log-uniform, >= floor", "", "Gu and Dao, 2023",
        None, None, None,
    ),
    Entry(
        Call("log_of_uniform", {"a": 1.0, "b": 16.0}), "scale log(U[a, b)), scale = 1", "", "Tallec and Ollivier, 2018",
        None, None, None,
    ),
    Entry(Call("ramp"), "a + (b - a) w^power at place k of N, w = k / (N - 1)", "", "", None, None, None),
    Entry(Call("log_arange"), "log(k) at place k = 1 .. N", "", "Gu et al., 2022", None, None, None),
    Entry(
        Call("sinusoidal"), "sin and cos of p T^(-k / n) at position p, T = 10000", "", "Vaswani et al., 2017",
        None, None, None,
    ),
    Entry(Call("zeros"), "0", "", "", Call("zeros_"), Call("zeros"), Call("zeros")),
    Entry(Call("ones"), "1", "", "", Call("ones_"), Call("ones"), Call("ones")),
)  # fmt: skip

BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def written(page: str) -> str:
    """Return the page with the tables between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page lacks {BEGIN.strip()!r} or {END.strip()!r}; the tables stand between: add them")
    return before + BEGIN + _tables() + END + after


def _tables() -> str:
    """Return the catalogue in Markdown: several tables of few columns, as one of all is wider than a page."""
    drawn = [(_code(e.call), e.formula, e.fans, f"{e.record().std_for(e.shape):.4g}") for e in CATALOGUE]
    origins = [(_code(e.call), ", ".join(map(_code, e.aliases)), e.paper) for e in CATALOGUE if e.paper or e.aliases]
    return (
        _table(("scheme", "draws", "fan", "std"), drawn)
        + "\n## Other names here, and papers\n\n"
        + _table(("scheme", "also", "paper"), origins)
        + "".join(_elsewhere(library, getter) for library, getter in LIBRARIES.items())
    )


def _elsewhere(library: str, getter: Callable[[Entry], Call | None]) -> str:
    rows = [(_code(entry.call), _code(call)) for entry in CATALOGUE if (call := getter(entry))]
    return f"\n## In {library}\n\n{_table(('scheme', library), rows)}"


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (columns, ("---",) * len(columns), *rows))


def _code(call: object) -> str:
    return f"`{call}`"


LIBRARIES: dict[str, Callable[[Entry], Call | None]] = {
    "PyTorch": lambda entry: entry.torch,
    "JAX": lambda entry: entry.jax,
    "Keras": lambda entry: entry.keras,
}
