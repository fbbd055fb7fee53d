/** A library with something in it: two short runs, made by the command line as a user would without a screen. */
import { runCli } from './host.ts';

const penguins = ['train', '--network', 'resources/samples/networks/mlp-table.json', '--data', 'penguins', '--json'];

/** @throws Error with the command's own words when it fails */
export async function trainTwoRuns(library: string): Promise<void> {
  for (const more of [
    ['--seed', '1', '--epochs', '20'],
    ['--seed', '2', '--epochs', '20', '--set', 'optimizer.learningRate=0.01'],
  ]) {
    const { code, errors } = await runCli([...penguins, '--library', library, ...more]);
    if (code !== 0) throw new Error(errors);
  }
}
