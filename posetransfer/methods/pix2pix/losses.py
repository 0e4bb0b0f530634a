"""The objective of Isola et al. 2017, equation 4: conditional GAN (binary cross-entropy) + 100 L1."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def adversarial(logits: Tensor, real: bool) -> Tensor:
    """Binary cross-entropy of a discriminator's logits against "all real" or "all made"."""
    wanted = torch.ones_like(logits) if real else torch.zeros_like(logits)
    return functional.binary_cross_entropy_with_logits(logits, wanted)


def reconstruction(made: Tensor, truth: Tensor, weight: Tensor | None) -> Tensor:
    """Mean absolute difference, each pixel by its weight [B, 1, H, W] if weights are given."""
    difference = (made.float() - truth.float()).abs()
    return (difference if weight is None else difference * weight).mean()
