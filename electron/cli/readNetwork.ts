/** A network named on the command line: a file, or one of those that come with Layerbench. */
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { parseDocument } from '../../core/graph/parseDocument.ts';
import { raise } from '../../core/problem.ts';
import { resourcesFolder } from '../host/folders.ts';
import { isFile, readJsonFile } from './files.ts';
import { nearest } from './nearest.ts';

export interface NamedNetwork {
  readonly document: NetworkDocument;
  /** The bundled network's id where this is one, whichever way it was named. */
  readonly sample?: string;
}

/** @throws ProblemError when there is no such file, or it is not a network */
export async function readNetwork(name: string): Promise<NamedNetwork> {
  const folder = join(resourcesFolder(), 'samples', 'networks');
  const id = basename(name, '.json');
  const bundled = join(folder, `${id}.json`);
  const isPlainName = name === id || name === `${id}.json`;
  const file = !(await isFile(name)) && isPlainName && (await isFile(bundled)) ? bundled : name;
  if (file === name && isPlainName && !(await isFile(name))) {
    const near = nearest(id, await networkNames(folder));
    raise({
      code: 'file.notRead',
      message: `The network file "${name}" does not exist.`,
      where: { kind: 'file', file: name },
      ...(near === undefined ? {} : { hint: `Did you mean "${near}", which comes with Layerbench?` }),
    });
  }
  const document = parseDocument(await readJsonFile(file, 'network'));
  return { document, ...(resolve(file) === bundled ? { sample: id } : {}) };
}

async function networkNames(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
}
