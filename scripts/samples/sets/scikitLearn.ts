/** The small data sets that scikit-learn brings; `scikitLearn.py` writes them as CSV. */
import fs from 'node:fs';
import path from 'node:path';
import { writeIdx } from '../../../core/data/idx.ts';
import type { SampleRecipe } from '../../../electron/files/samples.ts';
import { copyTable, writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

const source = 'scikit-learn';

function table(recipe: Omit<SampleRecipe, 'kind' | 'files' | 'licenceFile'>, file: string): SampleSet {
  const full: SampleRecipe = {
    ...recipe,
    kind: 'table',
    files: [`${recipe.id}/${recipe.id}.csv.gz`],
    licenceFile: `${recipe.id}/LICENSE`,
  };
  return { recipe: full, source, make: copyTable(full, file) };
}

export const digits: SampleSet = {
  recipe: {
    id: 'digits',
    name: 'Handwritten digits',
    kind: 'images',
    files: ['digits/images.idx.gz', 'digits/labels.idx.gz'],
    description:
      'Digits that 13 people wrote by hand: 1,797 gray images of 8 × 8 pixels, the test part of the UCI set "Optical Recognition of Handwritten Digits". Which digit is it?',
    licence: 'BSD 3-Clause, © 2007–2026 the scikit-learn developers; data: E. Alpaydin and C. Kaynak 1998 (UCI)',
    licenceFile: 'digits/LICENSE',
    defaultTarget: 'digit',
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  },
  source,
  make(folder) {
    const lines = fs.readFileSync(path.join(folder, 'digits.csv'), 'utf8').trim().split('\n').slice(1);
    const rows = lines.map((line) => line.split(',').map(Number));
    // Each pixel counts the ink of a 4 × 4 field, 0 to 16; the app's images go from 0 to 255.
    const pixels = rows.flatMap((row) => row.slice(0, 64).map((value) => Math.round((value * 255) / 16)));
    writeSampleFile('digits/images.idx.gz', writeIdx([rows.length, 8, 8], Uint8Array.from(pixels)));
    writeSampleFile(
      'digits/labels.idx.gz',
      writeIdx(
        [rows.length],
        Uint8Array.from(rows, (row) => row[64]!),
      ),
    );
  },
};

export const iris = table(
  {
    id: 'iris',
    name: 'Iris',
    description:
      'Length and width of the sepals and petals of 150 iris flowers, 50 of each of three species; the best-known small data set there is (Fisher 1936). Which species is it?',
    licence: 'BSD 3-Clause, © 2007–2026 the scikit-learn developers; data: R. A. Fisher 1936 (UCI)',
    defaultTarget: 'species',
  },
  'iris.csv',
);

export const wine = table(
  {
    id: 'wine',
    name: 'Wine',
    description:
      'Thirteen chemical measurements of 178 Italian wines from three grape varieties (cultivars) of the same region. Which variety is it?',
    licence: 'BSD 3-Clause, © 2007–2026 the scikit-learn developers; data: M. Forina and S. Aeberhard 1991 (UCI)',
    defaultTarget: 'cultivar',
  },
  'wine.csv',
);

export const breastCancer = table(
  {
    id: 'breast-cancer',
    name: 'Breast cancer',
    description:
      'Thirty measurements of cell nuclei in images of 569 breast tumours, 212 of them malignant (Wisconsin, diagnostic). Is the tumour malignant or benign?',
    licence: 'BSD 3-Clause, © 2007–2026 the scikit-learn developers; data: W. Wolberg, N. Street and O. Mangasarian 1995 (UCI)',
    defaultTarget: 'diagnosis',
  },
  'breast_cancer.csv',
);

export const diabetes = table(
  {
    id: 'diabetes',
    name: 'Diabetes',
    description:
      'Age, sex, body mass index, blood pressure and six blood serum values of 442 diabetes patients. How far does the disease progress within a year?',
    licence: 'BSD 3-Clause, © 2007–2026 the scikit-learn developers; data: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani 2004',
    defaultTarget: 'progression',
  },
  'diabetes.csv',
);
