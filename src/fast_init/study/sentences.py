"""Every sentence of the two texts that can be true or false, its verdict, and the claim that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .findings import Claim, Topic

__all__ = ["SENTENCES", "Sentence", "claim_of", "table_of"]

Verdict = Literal["true", "corrected", "false"]
Text = Literal["He", "1/sqrt(n)"]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text, what is to be said of it, and the key and position of its claim."""

    text: Text
    sentence: str
    verdict: Verdict
    correction: str
    topic: str
    claim: int


SENTENCES = (
    Sentence("He", "ReLU sets half of the units to zero", "true", "", "halves", 0),
    Sentence("He", "so half of the variance is lost", "corrected", "the mean square is halved", "derivation", 2),
    Sentence("He", "the weights' variance is 2/n", "true", "", "fifty-layers", 0),
    Sentence("He", "n is the number of inputs", "corrected", "forward; n of the outputs keeps the gradient", "fans", 0),
    Sentence("He", "either n will do", "true", "the other runs off by a ratio of widths", "fans", 1),
    Sentence("He", "with 1/n a deep ReLU signal shrinks", "true", "by sqrt(2) a layer", "fifty-layers", 1),
    Sentence("He", "it significantly improves the training of very deep networks", "true", "of ReLU", "training", 0),
    Sentence("He", "Xavier's does not train them", "corrected", "in these steps; slowly in more", "training", 1),
    Sentence("He", "shallow networks train with either", "true", "", "training", 4),
    Sentence("He", "it solves vanishing and exploding gradients", "corrected", "not at a high rate", "training", 6),
    Sentence("He", "the gradients stay stable over 50 layers", "true", "on average over seeds", "weight-gradients", 4),
    Sentence("He", "it is the default for CNNs", "corrected", "a habit, and a good one", "convolutions", 0),
    Sentence("He", "the printed 3 x 4 matrix has variance 0.5, ok", "false", "it is 0.306, as may be", "slips", 6),
    Sentence("He", "the variance of a 3 x 4 matrix checks sigma", "false", "few are near 0.5", "slips", 5),
    Sentence("He", "128 inputs, 64 outputs: sigma = 0.125", "true", "", "slips", 9),
    Sentence("He", "He's sigma is sqrt(2) times Xavier's", "corrected", "if Xavier's is sqrt(1/n)", "slips", 10),
    Sentence("1/sqrt(n)", "weights have the standard deviation 1/sqrt(n)", "true", "", "derivation", 0),
    Sentence("1/sqrt(n)", "their variance is 1/sqrt(n)", "false", "Var z is then sqrt(n)", "slips", 3),
    Sentence("1/sqrt(n)", "weights are inversely proportional to n", "false", "Var z is then 1/n", "slips", 4),
    Sentence("1/sqrt(n)", "n is the number of inputs of a layer", "true", "", "slips", 0),
    Sentence("1/sqrt(n)", "n is that of the next layer (Rashid)", "false", "Var z is 7.84, not 1", "slips", 1),
    Sentence("1/sqrt(n)", "the inputs of sigmoid are then within [-2, 2], 95.45%", "true", "", "derivation", 3),
    Sentence("1/sqrt(n)", "there the slope of sigmoid is large", "true", "", "derivation", 5),
    Sentence("1/sqrt(n)", "too large weights saturate sigmoid", "true", "at 0 and 1", "derivation", 8),
    Sentence("1/sqrt(n)", "more inputs saturate it without the rule", "true", "Var z = n", "derivation", 1),
    Sentence("1/sqrt(n)", "a saturated unit has a tiny gradient", "true", "", "sigmoid", 0),
    Sentence("1/sqrt(n)", "a tiny gradient is slow training", "true", "", "sigmoid-training", 0),
    Sentence("1/sqrt(n)", "saturated units train slowly", "true", "at a hundred times the rule", "sigmoid-training", 1),
    Sentence("1/sqrt(n)", "the rule is best for sigmoid", "false", "a few times as much is", "sigmoid-training", 2),
    Sentence("1/sqrt(n)", "too small weights collapse the signal", "true", "", "tanh", 0),
    Sentence("1/sqrt(n)", "and the gradients of all layers", "true", "", "weight-gradients", 0),
    Sentence("1/sqrt(n)", "sigma = 1 makes the gradient vanish", "corrected", "of a typical unit", "tanh", 3),
    Sentence("1/sqrt(n)", "it vanishes as a whole", "false", "its mean square explodes", "tanh", 4),
    Sentence("1/sqrt(n)", "tanh trains with the rule", "true", "", "tanh-training", 0),
    Sentence("1/sqrt(n)", "and not with 0.01", "true", "from four layers on", "tanh-training", 1),
    Sentence("1/sqrt(n)", "nor with 1", "corrected", "it learns far less", "tanh-training", 2),
    Sentence("1/sqrt(n)", "the rule keeps the gradient of deep sigmoid networks", "false", "1/4 a layer", "sigmoid", 4),
    Sentence("1/sqrt(n)", "larger n, smaller weights, no explosion", "true", "", "widths", 2),
    Sentence("1/sqrt(n)", "equal weights keep units equal", "true", "", "degeneracy", 3),
    Sentence("1/sqrt(n)", "it may reduce the degrees of freedom (Orhan, Pitkow)", "true", "", "degeneracy", 0),
)


def claim_of(sentence: Sentence, topics: Sequence[Topic]) -> Claim:
    """Return the claim that shows a sentence."""
    return next(topic for topic in topics if topic.key == sentence.topic).claims[sentence.claim]


def table_of(topics: Sequence[Topic]) -> str:
    """Return the sentences as a Markdown table, their figures as measured."""
    head = "| text | sentence | verdict | shown in | figure |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(_row(sentence, claim_of(sentence, topics)) for sentence in SENTENCES)


def _row(sentence: Sentence, claim: Claim) -> str:
    verdict = {"true": "true", "corrected": "true, corrected", "false": "false"}[sentence.verdict]
    said = f"{verdict}: {sentence.correction}" if sentence.correction else verdict
    figure = f"{claim.quantity} = {claim.measured:.3g}".replace("|", r"\|")
    return f"| {sentence.text} | {sentence.sentence} | {said} | `{sentence.topic}` | {figure} |\n"
