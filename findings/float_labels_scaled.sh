#!/usr/bin/env bash
# Found 2026-11-30 with nibabel 5.4.2, SimpleITK 2.5.7, numpy 2.4.6, Python 3.11.
#
# A label map held in a float array and saved by nibabel with set_data_dtype("uint8"), to keep the file small, does not
# hold the classes afterwards: nibabel stretches the values over the 256 numbers of the type and writes a slope into the
# header. Classes 0, 1, 2, 12 come back as 0, 0.988, 1.976, 12, from nibabel and from ITK alike, and the usual
# astype(int) makes 0, 0, 1, 12 of them: class 1 is gone and class 2 has become class 1. A map with integers in its array is
# written as it is.
#
# Seen:
#   nibabel [0.0, 0.988, 1.976, 12.0] ITK [0.0, 0.988, 1.976, 12.0] as integers [0, 0, 1, 12]
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

labels = np.zeros((8, 8, 4))
labels[2:5, 2:5], labels[5:7, 5:7], labels[0, 0] = 1, 2, 12
image = nib.Nifti1Image(labels, np.eye(4))
image.set_data_dtype("uint8")
nib.save(image, "labels.nii")
read = nib.load("labels.nii").get_fdata()
values = [round(float(value), 3) for value in np.unique(read)]
itk = [round(float(value), 3) for value in np.unique(sitk.GetArrayFromImage(sitk.ReadImage("labels.nii")))]
integers = [int(read[place]) for place in [(7, 0, 0), (2, 2, 0), (5, 5, 0), (0, 0, 0)]]
print("nibabel", values, "ITK", itk, "as integers", integers)
expected = [0.0, 0.988, 1.976, 12.0]
sys.exit(0 if values == expected and itk == expected and integers == [0, 0, 1, 12] else 1)
PYTHON
