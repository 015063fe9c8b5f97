"""Pictures of a run: where the time goes, and everybody who draws normals."""

from __future__ import annotations

from pathlib import Path

from .rows import NORMAL, Medians

__all__ = ["picture_of_parts", "picture_of_peers"]

# The share of a part's time that its operations need at the least, where they were counted: the last two columns of the
# table in docs/performance.md. The store's floor is that of writing behind the arithmetic: nothing.
FLOORS = {"Zen 5": {"words": 0.45 / 0.56, "transform": 0.38 / 0.50, "store": 0.0}}


def picture_of_parts(medians: Medians, cpu: str, path: Path) -> None:
    """Time per element, split into words, transform and store, beside what only writes or copies."""
    from matplotlib import pyplot as plt

    cached, normal = medians["cached float32"], medians[NORMAL]
    words, transform = cached["bits_"], cached["normal_"] - cached["bits_"]
    store = max(0.0, normal["fast_init"] - cached["normal_"])
    figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
    floors = next((shares for name, shares in FLOORS.items() if name in cpu), None)
    left = 0.0
    for name, value, colour in (
        ("words", words, "#4c72b0"),
        ("transform", transform, "#dd8452"),
        ("store", store, "#55a868"),
    ):
        axes.barh("normal_, 1 thread", value, left=left, color=colour, label=f"{name} {value:.3f}")
        if floors:
            axes.plot([left + floors[name] * value] * 2, [-0.4, 0.4], color="white", linewidth=2)
        left += value
    for name, label in (
        ("fast_init, 2 threads", "normal_, 2 threads"),
        ("bits_", "bits_, 1 thread"),
        ("np.fill", "np.fill"),
        ("memcpy", "memcpy"),
    ):
        axes.barh(label, normal[name], color="#8c8c8c")
    axes.axvline(normal["np.fill"], color="black", linestyle=":", linewidth=1, label="np.fill")
    if floors:
        axes.plot([], [], color="lightgray", linewidth=2, label="floor of the part (white)")
    axes.invert_yaxis()
    axes.set_xlabel("ns per float32 element, 64 Mi elements (words and transform: in the second-level cache)")
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


def picture_of_peers(medians: Medians, path: Path) -> None:
    """Everybody who draws float32 normals, fastest first."""
    from matplotlib import pyplot as plt

    peers = {
        k: v
        for k, v in medians[NORMAL].items()
        if k not in ("np.fill", "memcpy", "bits_", "bits_, 2 threads", "he_normal_")
    }
    names = sorted(peers, key=lambda name: peers[name])
    figure, axes = plt.subplots(figsize=(8, 0.28 * len(names) + 0.8), layout="constrained")
    colours = ["#4c72b0" if name.startswith("fast_init") else "#bbbbbb" for name in names]
    bars = axes.barh(names, [peers[name] for name in names], color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.08)
    axes.set_xlabel("ns per float32 normal, 1 thread unless named")
    figure.savefig(path)
    plt.close(figure)
