"""Write a checkpoint by the workers of Ray, all of which see the directory under this path.

pip install fast-init ray
python examples/checkpoint_by_ray.py /shared/model            # workers started here
python examples/checkpoint_by_ray.py /shared/model auto       # those of the cluster that this machine is of
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import ray

from fast_init import recipes, write_checkpoint

LAYERS, WIDTH, VOCABULARY, SEED = 4, 512, 8192, 42

TENSORS = {"model.embed_tokens.weight": ((VOCABULARY, WIDTH), "float32")}
for layer in range(LAYERS):
    for part in ("q", "k", "v", "o"):
        TENSORS[f"model.layers.{layer}.self_attn.{part}_proj.weight"] = (WIDTH, WIDTH), "float32"
    TENSORS[f"model.layers.{layer}.mlp.up_proj.weight"] = (4 * WIDTH, WIDTH), "float32"
    TENSORS[f"model.layers.{layer}.mlp.down_proj.weight"] = (WIDTH, 4 * WIDTH), "float32"


class RayExecutor(Executor):
    """Runs a call as a task of Ray, which runs it again where a worker dies."""

    def __init__(self, **options: Any) -> None:
        def call(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
            return function(*arguments, **keywords)

        self._call = ray.remote(**options)(call)

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Future[Any]:
        """Return the future of a call; the function and what it is given are pickled."""
        future: Future[Any] = self._call.remote(function, *arguments, **keywords).future()
        return future


def write(directory: str, executor: Executor | None = None) -> None:
    """Write the checkpoint, by the executor or by threads: the bytes are the same."""
    done = write_checkpoint(
        directory, TENSORS, recipes.llama(), seed=SEED, max_shard_size="16MB", resume=True, executor=executor
    )
    print(f"{directory}: {len(done.files)} files, {done.size} bytes written, complete: {done.complete}")


if __name__ == "__main__":
    ray.init(sys.argv[2] if len(sys.argv) > 2 else "local", log_to_driver=False)
    write(sys.argv[1], RayExecutor(num_cpus=1))
    ray.shutdown()
