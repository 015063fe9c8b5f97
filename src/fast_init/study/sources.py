"""What the study leans on: each source, what it says, and the topics that show it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SOURCES", "Source"]


@dataclass(frozen=True)
class Source:
    """A source, what it says in one sentence, and the keys of the topics that show it."""

    citation: str
    says: str
    topics: tuple[str, ...]


SOURCES = (
    Source(
        "Y. LeCun, L. Bottou, G. Orr, K.-R. Mueller (1998), Efficient BackProp",
        "sigma = 1/sqrt(n), n the inputs of a unit, keeps its sigmoid in its linear range.",
        ("derivation", "sigmoid", "sigmoid-training", "widths"),
    ),
    Source(
        "X. Glorot, Y. Bengio (2010), Understanding the difficulty of training deep feedforward neural networks",
        "The signal wants n = fan_in and the gradient n = fan_out: their mean serves both. In TensorFlow 1 this was "
        "tf.contrib.layers.xavier_initializer, which from_tf1 takes.",
        ("fans", "tanh", "side-by-side", "widths"),
    ),
    Source(
        "K. He, X. Zhang, S. Ren, J. Sun (2015), Delving Deep into Rectifiers",
        "ReLU halves the mean square, so sigma = sqrt(2/n): 30 layers train with it, and not with sqrt(1/n).",
        ("derivation", "halves", "fifty-layers", "training", "fans"),
    ),
    Source(
        "A. Saxe, J. McClelland, S. Ganguli (2014), Exact solutions to the nonlinear dynamics of learning in deep "
        "linear neural networks",
        "Orthogonal weights keep all singular values at 1, however deep; Gaussian ones spread them.",
        ("degeneracy", "side-by-side"),
    ),
    Source(
        "E. Orhan, X. Pitkow (2018), Skip connections eliminate singularities",
        "Units that are linearly dependent, alike or silent cost degrees of freedom; skip connections give them back.",
        ("degeneracy",),
    ),
    Source(
        "CS231n, Convolutional Neural Networks for Visual Recognition, Stanford, course notes",
        "Small weights collapse the activations, large ones saturate them; with ReLU use sqrt(2/n).",
        ("tanh", "ranges", "histograms", "convolutions"),
    ),
    Source(
        "T. Rashid (2016), Make Your Own Neural Network",
        "Weights of sigma 1/sqrt(n); its code takes the n of the next layer.",
        ("slips", "sigmoid"),
    ),
)
