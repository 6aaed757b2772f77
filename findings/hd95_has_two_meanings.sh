#!/usr/bin/env bash
# Found 2026-11-30 with MONAI 1.6.1 (torch 2.15.0) and MedPy 0.5.2 (scipy 1.17.1, numpy 2.4.6), Python 3.11.
#
# The "95% Hausdorff distance" of two masks is another number in the two libraries that papers of this field use. MedPy
# takes the 95th percentile of the surface distances of both directions put together; MONAI takes it of each direction
# and then the larger of the two. Where a prediction has a small false island, whose surface is more than 5% of its own
# but less than 5% of both, MedPy does not see it and MONAI reports how far away it lies.
#
# Seen:
#   MedPy 0.0, MONAI 30.3 (voxels), the same masks
#
# Installs torch (some gigabytes). Exits 1 if the behaviour has changed.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" -q install monai==1.6.1 torch==2.15.0 medpy==0.5.2 scipy==1.17.1 numpy==2.4.6
"$folder/python/bin/python" - <<'PYTHON'
import sys
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import torch
from medpy.metric.binary import hd95
from monai.metrics import compute_hausdorff_distance

truth = np.zeros((80, 80), bool)
truth[10:40, 10:40] = True
found = truth.copy()
found[60:63, 60:63] = True


def batch(mask):
    return torch.tensor(mask)[None, None].float()


theirs = float(compute_hausdorff_distance(batch(found), batch(truth), include_background=True, percentile=95))
pooled = float(hd95(found, truth))
print(f"MedPy {pooled:.1f}, MONAI {theirs:.1f} (voxels), the same masks")
sys.exit(0 if pooled == 0 and round(theirs, 1) == 30.3 else 1)
PYTHON
