/** A network named on the command line: a file, one of those that come with Layerbench, or one of the zoo. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { parseDocument } from '../../core/graph/parseDocument.ts';
import { raise } from '../../core/problem.ts';
import { findModel, zoo } from '../../core/zoo/index.ts';
import type { SampleNetwork } from '../contract/calls.ts';
import { resourcesFolder } from '../host/folders.ts';
import { isFile, readJsonFile } from './files.ts';
import { nearest } from './nearest.ts';

export interface NamedNetwork {
  readonly document: NetworkDocument;
  /** Id of the data set a bundled network was made for, whichever way it was named. */
  readonly dataSet?: string;
  /** Its own settings for that data set. */
  readonly settings?: SampleNetwork['settings'];
}

/** @throws ProblemError when there is no such file, or it is not a network */
export async function readNetwork(name: string): Promise<NamedNetwork> {
  const folder = join(resourcesFolder(), 'samples', 'networks');
  const id = basename(name, '.json');
  const bundled = join(folder, `${id}.json`);
  const exists = await isFile(name);
  const isPlainName = name === id || name === `${id}.json`;
  const file = !exists && isPlainName && (await isFile(bundled)) ? bundled : name;
  const samples = await readSamples(folder);
  if (file === name && !exists && isPlainName) {
    const model = findModel(name);
    if (model !== undefined) return { document: model.build() };
    const near = nearest(
      id,
      [...samples, ...zoo].map((known) => known.id),
    );
    raise({
      code: 'file.missing',
      message: `There is no network file "${name}".`,
      where: { kind: 'file', file: name },
      ...(near === undefined ? {} : { hint: `Did you mean "${near}", which comes with Layerbench?` }),
    });
  }
  const document = parseDocument(await readJsonFile(file, 'network'));
  const sample = resolve(file) === bundled ? samples.find((candidate) => candidate.id === id) : undefined;
  const { dataSet, settings } = sample ?? {};
  return { document, ...(dataSet === undefined ? {} : { dataSet }), ...(settings === undefined ? {} : { settings }) };
}

async function readSamples(folder: string): Promise<readonly SampleNetwork[]> {
  return JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as readonly SampleNetwork[];
}
