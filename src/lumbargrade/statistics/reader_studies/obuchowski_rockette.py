"""Two ways of reading, the same readers and patients in both: is the mean figure the same?

Readers and patients are both random: the answer is about other readers like these on other
patients. The error of a reader's figure in one way of reading is shared in part with the same
reader in the other way (Cov1), with other readers in the same way (Cov2), and with others in the
other way (Cov3), because they read the same patients.

Sources: Obuchowski and Rockette, Commun Stat Simul Comput 1995;24:285; Hillis, Stat Med
2007;26:596 (degrees of freedom); Hillis, Obuchowski, Schartz and Berbaum, Stat Med 2005;24:1579.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwoWays:
    """The test of Obuchowski and Rockette for two ways of reading.

    Attributes
    ----------
    difference : mean of the second less the first.
    error : its standard error over readers and patients; ``freedom`` are Hillis's degrees.
    variance, cov1, cov2, cov3 : of the readers' figures, over patients.
    mean_square_ways, mean_square_interaction : of the analysis of variance of the figures.
    f, p_value : of the hypothesis that both means are the same.
    """

    difference: float
    error: float
    freedom: float
    variance: float
    cov1: float
    cov2: float
    cov3: float
    mean_square_ways: float
    mean_square_interaction: float
    f: float
    p_value: float


def two_ways(values: Floats, covariance: Floats) -> TwoWays:
    """Compare two ways of reading, with readers and patients random.

    Parameters
    ----------
    values : (2, r) figure of each reader in each way; two readers or more.
    covariance : (2, r, 2, r) of the figures, over patients
        (``over_readers.left_out_covariance`` of all 2 r of them, reshaped).
    """
    readers = values.shape[1]
    variance, cov1, cov2, cov3 = covariance_parts(covariance)
    means = values.mean(1)
    apart = values - values.mean(0) - means[:, None] + values.mean()
    ways = readers * float(np.var(means, ddof=1))
    interaction = float((apart**2).sum()) / (readers - 1)
    spread = interaction + readers * max(cov2 - cov3, 0.0)
    freedom = spread**2 / (interaction**2 / (readers - 1)) if interaction > 0 else math.inf
    f = ways / spread if spread > 0 else math.nan
    return TwoWays(
        difference=float(means[1] - means[0]),
        error=math.sqrt(2 / readers * spread),
        freedom=freedom,
        variance=variance,
        cov1=cov1,
        cov2=cov2,
        cov3=cov3,
        mean_square_ways=ways,
        mean_square_interaction=interaction,
        f=f,
        p_value=float(fdtrc(1, min(freedom, 1e9), f)),
    )


def covariance_parts(covariance: Floats) -> tuple[float, float, float, float]:
    """Return Var, Cov1, Cov2 and Cov3: means over (2, r, 2, r) of each kind of pair."""
    ways, readers = covariance.shape[:2]
    same_way = np.eye(ways, dtype=np.bool_)[:, None, :, None]
    same_reader = np.eye(readers, dtype=np.bool_)[None, :, None, :]
    kinds = (
        same_way & same_reader,
        ~same_way & same_reader,
        same_way & ~same_reader,
        ~same_way & ~same_reader,
    )
    found = [float(covariance[np.broadcast_to(one, covariance.shape)].mean()) for one in kinds]
    return found[0], found[1], found[2], found[3]
