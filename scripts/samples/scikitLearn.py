"""Writes the small data sets that scikit-learn brings as CSV files, for scripts/samples/makeSamples.ts.

Needs scikit-learn (Debian: python3-sklearn), any version from 1.1 on:

    python3 scripts/samples/scikitLearn.py <sources folder>/scikit-learn

Numbers are rounded to 12 digits, above what the sources have and below what differs between versions; class numbers
become the names that scikit-learn gives them. Diabetes is taken unscaled, and its serum columns s1 to s6 get the names of the description.
"""
import csv
import pathlib
import sys

from sklearn import datasets

DIABETES = {
    "age": "age (years)",
    "bmi": "bmi (kg/m²)",
    "bp": "blood pressure",
    "s1": "tc",
    "s2": "ldl",
    "s3": "hdl",
    "s4": "tch",
    "s5": "ltg",
    "s6": "glu",
}


def number(value):
    value = float(f"{value:.12g}")
    return str(int(value)) if value.is_integer() else repr(value)


def write(name, columns, rows):
    with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def classes(name, target, class_name=str):
    data = getattr(datasets, f"load_{name}")()
    columns = [column.replace("_", " ") for column in data.feature_names]
    rows = [[*map(number, row), class_name(data.target_names[code])] for row, code in zip(data.data, data.target)]
    write(name, [*columns, target], rows)


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

classes("iris", "species")
classes("wine", "cultivar", lambda name: f"cultivar {int(name[-1]) + 1}")
classes("breast_cancer", "diagnosis")
classes("digits", "digit")

diabetes = datasets.load_diabetes(scaled=False)
write(
    "diabetes",
    [*(DIABETES.get(column, column) for column in diabetes.feature_names), "progression"],
    [[*map(number, row), number(target)] for row, target in zip(diabetes.data, diabetes.target)],
)
