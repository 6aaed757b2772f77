#!/usr/bin/env bash
# Found 2026-11-30 with nibabel 5.4.2, SimpleITK 2.5.7, numpy 2.4.6, Python 3.11.
#
# The same valid NIfTI file lies at different places for nibabel (and what stands on it) and for ITK (SimpleITK, ANTs,
# 3D Slicer): a transform that one of them computed is wrong for images read by the other. The first voxel, in mm of
# ITK's axes (to the left, to the back, up):
#
#   header                                     nibabel          ITK              ITK's spacing
#   sform and qform with code 1                (3, 20, -30)     (3, 20, -30)     (2, 2, 5)     the sform
#   sform and qform with code 2                (3, 20, -30)     (10, 20, -30)    (2, 2, 5)     ITK takes the qform
#   no codes                                   (-7, 7, -7.5)    (0, 0, 0)        (2, 2, 5)     nibabel centres the image
#   sform with code 1, other sizes in pixdim   (10, 20, -30)    (10, 20, -30)    (3, 3, 5)     ITK takes pixdim (a warning)
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

qform = np.diag([2.0, 2.0, 5.0, 1.0])
qform[:3, 3] = -10, -20, -30
moved = qform.copy()
moved[0, 3] += 7


def places(sform, sform_code, qform, qform_code, sizes):
    image = nib.Nifti1Image(np.zeros((8, 8, 4), "float32"), sform if sform_code else None)
    if sform_code:
        image.set_qform(qform, qform_code)
        image.set_sform(sform, sform_code)
    image.header["pixdim"][1:4] = sizes
    nib.save(image, "image.nii")
    first = nib.load("image.nii").affine[:3, 3] * [-1, -1, 1]
    itk = sitk.ReadImage("image.nii")
    return tuple(tuple(round(float(x), 2) + 0.0 for x in numbers) for numbers in (first, itk.GetOrigin(), itk.GetSpacing()))


seen = [
    places(moved, 1, qform, 1, (2, 2, 5)),
    places(moved, 2, qform, 2, (2, 2, 5)),
    places(None, 0, None, 0, (2, 2, 5)),
    places(qform, 1, None, 0, (3, 3, 5)),
]
for row in seen:
    print("nibabel", row[0], "ITK", row[1], "spacing", row[2])
expected = [
    ((3.0, 20.0, -30.0), (3.0, 20.0, -30.0), (2.0, 2.0, 5.0)),
    ((3.0, 20.0, -30.0), (10.0, 20.0, -30.0), (2.0, 2.0, 5.0)),
    ((-7.0, 7.0, -7.5), (0.0, 0.0, 0.0), (2.0, 2.0, 5.0)),
    ((10.0, 20.0, -30.0), (10.0, 20.0, -30.0), (3.0, 3.0, 5.0)),
]
sys.exit(0 if seen == expected else 1)
PYTHON
