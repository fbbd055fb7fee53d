/** Written as CSV from the npm package `vega-datasets`. */
import fs from 'node:fs';
import path from 'node:path';
import { csvOf, writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

interface Penguin {
  readonly [column: string]: string | number | null;
}

export const penguins: SampleSet = {
  recipe: {
    id: 'penguins',
    name: 'Penguins',
    kind: 'table',
    files: ['penguins/penguins.csv'],
    description:
      'Measurements of 344 penguins of three species on three islands of the Palmer Archipelago, Antarctica; some are missing. Which species is it?',
    licence: 'CC0 1.0, K. Gorman and Palmer Station Antarctica LTER',
    licenceFile: 'penguins/LICENSE',
    defaultTarget: 'Species',
  },
  source: 'vega-datasets/package/data',
  make(source) {
    const birds = JSON.parse(fs.readFileSync(path.join(source, 'penguins.json'), 'utf8')) as Penguin[];
    const columns = Object.keys(birds[0]!);
    // One bird's sex is recorded as ".", which means that it is not known.
    const cell = (value: string | number | null | undefined) => (value === null || value === undefined || value === '.' ? '' : value);
    const rows = birds.map((bird) => columns.map((column) => cell(bird[column])));
    writeSampleFile('penguins/penguins.csv', csvOf(columns, rows));
  },
};
