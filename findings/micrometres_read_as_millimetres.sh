#!/usr/bin/env bash
# Found 2026-11-30 with nibabel 5.4.2, SimpleITK 2.5.7, numpy 2.4.6, Python 3.11.
#
# A NIfTI header says in which unit its lengths are (xyzt_units); micro-CT and microscopy write micrometres. nibabel's
# affine and zooms give the bare numbers and leave the unit to the reader; ITK turns them into millimetres, and writes
# millimetres when the image is saved again. So a spacing, a volume in ml or a distance of one and the same file differs
# by 1000 between tools on the two libraries, and a copy saved by ITK has other numbers in its header.
#
# Seen:
#   nibabel (25.0, 25.0, 50.0) of unit micron, ITK (0.025, 0.025, 0.05); saved again by ITK: nibabel (0.025, 0.025, 0.05) of unit mm
#
# Exits 1 if the behaviour has changed.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" -q install nibabel==5.4.2 SimpleITK==2.5.7 numpy==2.4.6
cd "$folder"
"$folder/python/bin/python" - <<'PYTHON'
import sys

import nibabel as nib
import numpy as np
import SimpleITK as sitk

image = nib.Nifti1Image(np.zeros((4, 4, 4), "float32"), np.diag([25.0, 25.0, 50.0, 1.0]))
image.header.set_xyzt_units("micron")
nib.save(image, "micrometres.nii")


def seen(name):
    header = nib.load(name).header
    return tuple(round(float(zoom), 4) for zoom in header.get_zooms()), header.get_xyzt_units()[0]


itk = sitk.ReadImage("micrometres.nii")
spacing = tuple(round(number, 4) for number in itk.GetSpacing())
sitk.WriteImage(itk, "again.nii")
(before, unit), (after, unit_after) = seen("micrometres.nii"), seen("again.nii")
print(f"nibabel {before} of unit {unit}, ITK {spacing}; saved again by ITK: nibabel {after} of unit {unit_after}")
small = (0.025, 0.025, 0.05)
sys.exit(0 if (before, unit, spacing, after, unit_after) == ((25.0, 25.0, 50.0), "micron", small, small, "mm") else 1)
PYTHON
