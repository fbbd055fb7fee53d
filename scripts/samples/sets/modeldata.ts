/** Three data sets of the R package modeldata; `modeldata.R` writes them as CSV. */
import type { SampleRecipe } from '../../../electron/files/samples.ts';
import { copyTable } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

function table(recipe: Omit<SampleRecipe, 'kind' | 'files' | 'licenceFile'>, file: string): SampleSet {
  const full: SampleRecipe = {
    ...recipe,
    kind: 'table',
    files: [`${recipe.id}/${recipe.id}.csv.gz`],
    licenceFile: `${recipe.id}/LICENSE`,
  };
  return { recipe: full, source: 'modeldata', make: copyTable(full, file) };
}

export const lendingClub = table(
  {
    id: 'lending-club',
    name: 'Lending Club',
    description:
      '9,857 loans of the first quarter of 2016 with what the lender knew about each. 517 of them (5.2 %) went bad, so that always answering "good" is right for 94.8 %. Which loans go bad?',
    licence: 'MIT, © 2019 M. Kuhn, RStudio (R package modeldata); Lending Club statistics 2016',
    defaultTarget: 'Class',
  },
  'lending-club.csv',
);

export const ames = table(
  {
    id: 'ames',
    name: 'Ames housing',
    description:
      '2,930 houses sold in Ames, Iowa, from 2006 to 2010, described by 73 columns from the size of the lot to the condition of the garage. What was the price, in dollars?',
    licence: 'MIT, © 2019 M. Kuhn, RStudio (R package modeldata); D. De Cock 2011',
    defaultTarget: 'Sale_Price',
  },
  'ames.csv',
);

export const chicago = table(
  {
    id: 'chicago',
    name: 'Chicago ridership',
    description:
      'Thousands of people who entered the Clark/Lake train station on each of 5,698 days in a row, 22 January 2001 to 28 August 2016, with the weather and the home games of five teams. How many come next?',
    licence: 'MIT, © 2019 M. Kuhn, RStudio (R package modeldata); M. Kuhn and K. Johnson 2020',
    defaultTarget: 'ridership',
  },
  'chicago.csv',
);
