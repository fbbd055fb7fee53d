/**
 * A part of WordNet about the size of Cora: nouns of seven lexicographer files, linked where one is a kind, a part, a member
 * or a substance of the other. Features are the words of the short glosses, without those that name a class.
 */
import fs from 'node:fs';
import path from 'node:path';
import { createRandom } from '../../../core/random/philox.ts';
import { csvOf, writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

/** Lexicographer files by their number in the data. */
const classes: Readonly<Record<string, string>> = {
  '05': 'animal',
  '06': 'artifact',
  '08': 'body',
  '13': 'food',
  '18': 'person',
  '20': 'plant',
  '27': 'substance',
};
const nodesPerClass = 387;
const wordCount = 1433;
/** As Planetoid divides Cora (Yang, Cohen, Salakhutdinov 2016). */
const trainPerClass = 20;
const validationCount = 500;
const seed = 22;

/** Hypernyms, instances, and the three kinds of wholes; each is stored once more from the other end. */
const pointers: ReadonlySet<string> = new Set(['@', '@i', '#m', '#s', '#p']);

const stopWords: ReadonlySet<string> = new Set(
  'the and for with from that which who are has its one any used having usually into not but being some other such often especially are was were than when them their this these those more most made very can may also each between over under about through whose only where like'.split(
    ' ',
  ),
);

interface Synset {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly gloss: string;
  readonly links: readonly string[];
}

export const wordnet: SampleSet = {
  recipe: {
    id: 'wordnet',
    name: 'WordNet nouns',
    kind: 'graph',
    files: ['wordnet/nouns.csv.gz', 'wordnet/links.csv.gz', 'wordnet/words.txt.gz'],
    description:
      '2,709 nouns of WordNet with the words of their definitions, linked where one is a kind, part, member or substance of the other. Is it an animal, an artifact, a part of the body, a food, a person, a plant or a substance? Twenty of each are known.',
    licence: 'WordNet 3.0 licence, © 2006 Princeton University',
    licenceFile: 'wordnet/LICENSE',
    defaultTarget: 'class',
    partColumn: 'part',
  },
  source: 'wordnet/package',
  make(source) {
    const all = readNouns(fs.readFileSync(path.join(source, 'dict/data.noun'), 'latin1'));
    const neighbours = neighboursOf(all);
    const chosen = choose(all, neighbours);
    const rowOf = new Map(chosen.map((synset, row) => [synset.id, row]));
    const parts = divide(chosen);
    writeSampleFile(
      'wordnet/nouns.csv.gz',
      csvOf(
        ['noun', 'class', 'part', 'definition'],
        chosen.map(({ name, label, gloss }, row) => [name, label, parts[row]!, gloss]),
      ),
    );
    const links = chosen.flatMap(({ id }, row) =>
      [...neighbours.get(id)!].flatMap((other) => ((rowOf.get(other) ?? -1) > row ? [[row, rowOf.get(other)!]] : [])),
    );
    writeSampleFile('wordnet/links.csv.gz', csvOf(['from', 'to'], links));
    const words = vocabularyOf(chosen);
    const placeOf = new Map(words.map((word, place) => [word, place]));
    const rows = chosen.map(({ gloss }) =>
      [...new Set(wordsOf(gloss))]
        .flatMap((word) => placeOf.get(word) ?? [])
        .sort((a, b) => a - b)
        .join(' '),
    );
    writeSampleFile('wordnet/words.txt.gz', `words: ${words.join(' ')}\n${rows.join('\n')}\n`);
  },
};

/** Lines such as `00001740 03 n 01 entity 0 003 ~ 00001930 n 0000 ... | gloss`; two blanks start the licence. */
function readNouns(text: string): Synset[] {
  return text.split('\n').flatMap((line): Synset[] => {
    const label = classes[line.slice(9, 11)];
    if (line.startsWith(' ') || label === undefined) return [];
    const [data = '', gloss = ''] = line.split(' | ');
    const fields = data.split(' ');
    const wordTotal = parseInt(fields[3]!, 16);
    const first = 4 + 2 * wordTotal;
    const links = Array.from({ length: Number(fields[first]) }, (_, i) => fields.slice(first + 1 + 4 * i, first + 5 + 4 * i));
    const names = Array.from({ length: wordTotal }, (_, i) => fields[4 + 2 * i]!.replaceAll('_', ' '));
    return [
      {
        id: fields[0]!,
        name: names.slice(0, 3).join(', '),
        label,
        // The definition without its examples.
        gloss: gloss.split(/; |"/)[0]!.trim(),
        links: links.filter(([pointer, , kind]) => kind === 'n' && pointers.has(pointer!)).map(([, id]) => id!),
      },
    ];
  });
}

function neighboursOf(all: readonly Synset[]): Map<string, Set<string>> {
  const neighbours = new Map(all.map(({ id }) => [id, new Set<string>()]));
  for (const { id, links } of all) {
    for (const other of links) {
      if (other === id || !neighbours.has(other)) continue;
      neighbours.get(id)!.add(other);
      neighbours.get(other)!.add(id);
    }
  }
  return neighbours;
}

/** Grows one piece: next is the noun with the most links into it, as long as its class has room; the file's order breaks ties. */
function choose(all: readonly Synset[], neighbours: ReadonlyMap<string, ReadonlySet<string>>): Synset[] {
  const synsets = new Map(all.map((synset) => [synset.id, synset]));
  const room = new Map(Object.values(classes).map((label) => [label, nodesPerClass]));
  const chosen = new Set<string>();
  /** Candidates by their links into the piece. */
  const levels: Set<string>[] = [];
  const linksInto = new Map<string, number>();
  const hubs = all.toSorted((a, b) => neighbours.get(b.id)!.size - neighbours.get(a.id)!.size);
  while (chosen.size < nodesPerClass * room.size) {
    const next =
      take(levels, (id) => room.get(synsets.get(id)!.label)! > 0) ??
      hubs.find(({ id, label }) => !chosen.has(id) && room.get(label)! > 0)!.id;
    const { label } = synsets.get(next)!;
    chosen.add(next);
    room.set(label, room.get(label)! - 1);
    for (const other of neighbours.get(next)!) {
      if (chosen.has(other)) continue;
      const links = linksInto.get(other) ?? 0;
      levels[links]?.delete(other);
      linksInto.set(other, links + 1);
      (levels[links + 1] ??= new Set()).add(other);
    }
  }
  return all.filter(({ id }) => chosen.has(id));
}

/** The first candidate of the highest level that fits; those that never will are dropped. */
function take(levels: (Set<string> | undefined)[], fits: (id: string) => boolean): string | undefined {
  for (let level = levels.length - 1; level > 0; level--) {
    for (const id of levels[level] ?? []) {
      levels[level]!.delete(id);
      if (fits(id)) return id;
    }
  }
  return undefined;
}

const wordsOf = (gloss: string): string[] =>
  gloss
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2 && !stopWords.has(word) && !namesClass(word));

/** `animal`, `plants`, `bodily`: a word that says the class would be the answer. */
function namesClass(word: string): boolean {
  return Object.values(classes).some((label) => word.startsWith(label.slice(0, 4)));
}

/** The words of most glosses, in alphabetical order. */
function vocabularyOf(chosen: readonly Synset[]): string[] {
  const counts = new Map<string, number>();
  for (const { gloss } of chosen) for (const word of new Set(wordsOf(gloss))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return byCount
    .slice(0, wordCount)
    .map(([word]) => word)
    .sort();
}

function divide(chosen: readonly Synset[]): string[] {
  const random = createRandom(seed, 0);
  const parts = chosen.map(() => 'test');
  const rows = chosen.map((_, row) => row);
  for (let i = rows.length - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [rows[i], rows[other]] = [rows[other]!, rows[i]!];
  }
  const known = new Map<string, number>();
  let validation = 0;
  for (const row of rows) {
    const { label } = chosen[row]!;
    const count = known.get(label) ?? 0;
    if (count < trainPerClass) {
      parts[row] = 'train';
      known.set(label, count + 1);
    } else if (validation < validationCount) {
      parts[row] = 'validation';
      validation++;
    }
  }
  return parts;
}
