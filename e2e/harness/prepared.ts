/** A library with something in it: runs made by the command line, as a user would without a screen. */
import { runCli } from './host.ts';

const penguins = ['--network', 'resources/samples/networks/mlp-table.json', '--data', 'penguins', '--epochs', '20'];

/** @throws Error with the command's own words when it fails */
export async function trainRun(library: string, args: readonly string[]): Promise<void> {
  const { code, errors } = await runCli(['train', '--library', library, '--json', ...args]);
  if (code !== 0) throw new Error(errors);
}

export async function trainTwoRuns(library: string): Promise<void> {
  await trainRun(library, [...penguins, '--seed', '1']);
  await trainRun(library, [...penguins, '--seed', '2', '--set', 'optimizer.learningRate=0.01']);
}
