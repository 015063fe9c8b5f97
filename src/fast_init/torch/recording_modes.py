"""The modes under which a constructor runs on the meta device."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors
from torch.utils._python_dispatch import TorchDispatchMode

from .operations import BEGINNINGS, FRAMES, IS_META, STEPS, frame_initialisation
from .recording_cells import Draw
from .recording_operations import dispatched
from .recording_trace import Trace

__all__ = ["recording_into"]

META = torch.device("meta")
FROM_DATA = {torch.tensor, torch.as_tensor, torch.asarray, torch.Tensor.new_tensor}  # the data of which meta loses


class DispatchMode(TorchDispatchMode):  # type: ignore[misc]
    """Notes what reaches the dispatcher."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self.trace = trace

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        with torch._C.DisableTorchFunction():
            return dispatched(self.trace, func, args, kwargs or {})


class FunctionMode(TorchFunctionMode):  # type: ignore[misc]
    """Notes what does not reach it: functions that do nothing on meta, and data that only real tensors hold."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self.trace = trace

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        frame = sys._getframe(1)
        if frame.f_code.co_name in FRAMES and func in STEPS and (made := frame_initialisation(frame)) is not None:
            if func in BEGINNINGS and made.tensor.numel():
                self.trace.put(made.tensor, Draw(made.scheme, object(), tuple(made.tensor.shape)), made.operation)
            return True if func == IS_META else made.tensor
        if func in FROM_DATA:
            return _from_data(func, args, kwargs)
        if func in _device_constructors() and kwargs.get("device") is None:
            kwargs = {**kwargs, "device": META}
        return func(*args, **kwargs)


def _from_data(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Make the tensor on the CPU and move it to where it was to be: the dispatch mode sees its values then.

    Without elements it stays on the CPU: by such a tensor transformers asks whether models are made on meta, and
    leaves their initialisation out if so.
    """
    method = func is torch.Tensor.new_tensor
    data = kwargs.get("data", args[1:] if method else args)
    device = kwargs.get("device") or (args[0].device if method else META)
    if torch.device(device).type != "meta" or (data and isinstance(data[0], torch.Tensor)):
        return func(*args, **kwargs)
    real = func(*args, **{**kwargs, "device": "cpu"})
    if not real.numel():
        return real
    return real.detach().to(META).requires_grad_(real.requires_grad)


@contextmanager
def recording_into(trace: Trace) -> Iterator[None]:
    """Make tensors on the meta device inside, and note in the trace what is done to them."""
    with DispatchMode(trace), FunctionMode(trace):
        yield
