"""Calls that a type checker must refuse, with the codes of its errors; a test compares them. Not to be run."""

from __future__ import annotations

from typing import Any

import numpy as np

import fast_init as fi
from fast_init import recipes
from fast_init.study import predict, propagate

w = np.empty((4, 2), np.float32)
model: dict[str, np.ndarray[Any, Any]] = {"w": w}

# Words that do not exist.
fi.he_normal_(w, mode="fanin")  # error: [arg-type]
fi.he_uniform_(w, nonlinearity="RELU")  # error: [arg-type]
fi.kaiming_normal_(w, 0.0, "in")  # error: [arg-type]
fi.kaiming_uniform_(w, nonlinearity="leakyrelu")  # error: [arg-type]
fi.xavier_normal_(w, mode="avg")  # error: [arg-type]
fi.glorot_uniform_(w, 1.0, "FAN_AVG")  # error: [arg-type]
fi.variance_scaling_(w, distribution="truncated")  # error: [arg-type]
fi.variance_scaling_(w, 2.0, "fan", "gaussian")  # error: [arg-type] [arg-type]
fi.trunc_normal_(w, bounds="sigmas")  # error: [arg-type]
fi.normal_(w, on_empty="warning")  # error: [arg-type]
fi.zeros_(w, on_empty=None)  # error: [arg-type]
word = "fan_in" + ""
fi.lecun_normal_(w, layout=word)
fi.he_normal_(w, mode=word)  # error: [arg-type]

# The same in records.
fi.he_normal(mode="fanin")  # error: [arg-type]
fi.he_uniform(nonlinearity="RELU")  # error: [arg-type]
fi.xavier_normal(1.0, "avg")  # error: [arg-type]
fi.variance_scaling(distribution="truncated")  # error: [arg-type]
fi.trunc_normal(bounds="sigmas")  # error: [arg-type]
fi.calculate_gain("RELU")  # error: [arg-type]
fi.normal().fill_(w, on_empty="warning")  # error: [arg-type]
fi.Recipe([("*", fi.normal())]).init_(model, on_empty="warning")  # error: [arg-type]

# The words of recipes and of the study.
recipes.resnet("botleneck")  # error: [arg-type]
recipes.mup(recipes.llama(), 2.0, table=4)  # error: [arg-type]
recipes.mup(recipes.llama(), 2.0, roles={"w": "in"})  # error: [dict-item]
propagate([8, 8], "rel", fi.he_normal())  # error: [arg-type]
predict([8, 8], "sine", fi.he_normal())  # error: [arg-type]

# Values of another type.
fi.normal_(w, seed="42")  # error: [arg-type]
fi.normal_(w, seed=1.0)  # error: [arg-type]
fi.normal_(w, "0.02")  # error: [arg-type]
fi.uniform_(w, b=None)  # error: [arg-type]
fi.he_normal_(w, name=3)  # error: [arg-type]
fi.he_normal_(w, layout=3)  # error: [arg-type]
fi.normal_(w, threads="2")  # error: [arg-type]
fi.normal_(w, global_shape=8)  # error: [arg-type]
fi.normal_(w, offset=(0.5, 0))  # error: [arg-type]
fi.dirac_(w, groups=1.5)  # error: [arg-type]
fi.compute_fans("oi")  # error: [arg-type]
recipes.gpt2(layers="24")  # error: [arg-type]

# What is no array, and what is no scheme.
fi.normal_([0.0, 0.0])  # error: [type-var]
fi.he_normal_(fi.he_normal())  # error: [type-var]
fi.zeros_((4, 2))  # error: [type-var]
fi.he_normal().fill_([0.0])  # error: [type-var]
fi.verify([0.0], fi.normal())  # error: [arg-type]
fi.verify(w, "normal")  # error: [arg-type]
fi.verify(w, fi.he_normal)  # error: [arg-type]
fi.verify(w, fi.normal(), seed=np.random.default_rng(1))  # error: [arg-type]
fi.Recipe([("*", "normal")])  # error: [list-item]
fi.Rule("*", w)  # error: [arg-type]
fi.Recipe([("*", fi.normal())]).init_([w])  # error: [arg-type]
propagate([8, 8], "relu", fi.he_normal)  # error: [arg-type]

# Arguments that are missing, too many or by another name.
fi.normal_()  # error: [call-arg]
fi.constant_(w)  # error: [call-arg]
fi.sparse_(w)  # error: [call-arg]
fi.constant()  # error: [call-arg]
fi.Rule("*")  # error: [call-arg]
fi.from_torch()  # error: [call-arg]
fi.zeros_(w, seed=1)  # error: [call-arg]
fi.normal_(w, sigma=0.02)  # error: [call-arg]
fi.normal_(w, 0.0, 0.02, 42)  # error: [call-arg]
fi.lecun_normal("oi")  # error: [call-arg]
fi.write_checkpoint("model", {})  # error: [call-arg]

# Records that do not change, and results of another type.
fi.normal().std = 0.02  # error: [misc]
fi.he_normal().mode = "fan_out"  # error: [misc]
fi.Rule("*", fi.normal()).pattern = "w"  # error: [misc]
fi.compute_fans((4, 2)).fan_in = 1  # error: [misc]
doubles: np.ndarray[Any, np.dtype[np.float64]] = fi.normal_(w)  # error: [arg-type]
nothing: None = fi.zeros_(w)  # error: [assignment]
scheme: fi.Recipe = fi.he_normal()  # error: [assignment]
