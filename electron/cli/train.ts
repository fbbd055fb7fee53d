/** `train`: trains a network to the end, or continues an interrupted run, and reports the scores. */
import { bindNetwork } from './bindNetwork.ts';
import { exitCodes, defineCommand, libraryOption } from './command.ts';
import { findDataSet } from './findDataSet.ts';
import { followRun } from './followRun.ts';
import { withHost } from './library.ts';
import { readNetwork } from './readNetwork.ts';
import { buildConfig } from './runSettings.ts';
import { optimizerNames } from '../../core/optimizers/index.ts';
import { raise } from '../../core/problem.ts';
import { reportRun } from './reportRun.ts';
import type { Host } from '../host/host.ts';
import { availableEngines } from '../trainer/engines.ts';

const options = {
  network: { value: '<file>', help: 'network file (.json), or the name of one that comes with Layerbench' },
  data: {
    value: '<id|file.csv>',
    help: 'data set: an id from "layerbench data", or a CSV file to import (default: the one the network was made for)',
  },
  target: { value: '<column>', help: "column to predict (default: the data set's own)" },
  epochs: { value: '<n>', help: 'passes through the training part' },
  'batch-size': { value: '<n>', help: 'rows per optimizer step' },
  'learning-rate': { value: '<x>', help: "the optimizer's learning rate" },
  optimizer: { value: '<name>', help: optimizerNames.join(', ') },
  seed: { value: '<n>', help: 'fixes initial weights, order of rows and dropout' },
  engine: { value: '<name>', help: `auto, or one of: ${availableEngines().join(', ')}` },
  threads: { value: '<n>', help: 'threads of the engine' },
  config: { value: '<file>', help: 'run config (.json); the options above and --set override it' },
  set: {
    value: '<path=value>',
    repeatable: true,
    help: 'change any field of the run config, e.g. optimizer.learningRate=0.01, schedule=cosine, loss.classWeights=balanced, controls.clipNorm=1',
  },
  name: { value: '<name>', help: 'name of the run (default: from what differs)' },
  resume: { value: '<run>', help: 'continue an interrupted or stopped run from its last checkpoint' },
  test: { help: 'score the sealed test set at the end; counts as one look at it' },
  json: { help: 'end with one JSON line: { run, epochs, train, validation, seconds }, with --test also test' },
  library: libraryOption,
} as const;

/** Options that a resumed run may have; the rest was fixed when the run started. */
const resumable: readonly string[] = ['resume', 'test', 'json', 'library'];

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Trains a network and saves the run in the library.',
  usage: '--network <file> [options] | --resume <run>',
  options,
  notes: ['Ctrl-C stops the training after the current step and keeps the run; a second Ctrl-C ends at once.'],
  examples: [
    'train --network mlp.json --data fashion-mnist --epochs 5 --seed 1',
    'train --network mine.json --data flowers.csv --target species --test --json',
    'train --network mlp.json --set optimizer.learningRate=0.01 --set split.validation=0.2 --set split.train=0.8',
    'train --network mlp --optimizer lion --set schedule.kind=cosine --set schedule.warmUp=1 --set controls.earlyStopping=loss',
    'train --resume 42',
  ],
  async run({ options: given }, terminal) {
    const setup = given.resume === undefined ? await prepareStart() : prepareResume(given.resume);
    return withHost(given.library, async (host) => {
      const id = await setup(host);
      const details = await followRun(host, id, terminal);
      if (details.status === 'failed') raise(details.problem ?? { code: 'run.failed', message: `Run ${id} failed.` });
      const interrupted = terminal.interrupted.aborted;
      const look = given.test === true && !interrupted ? await host.handlers['runs.revealTest']({ id }) : undefined;
      reportRun(details, look, given.json === true, terminal);
      return interrupted ? exitCodes.interrupted : exitCodes.ok;
    });

    /** Everything that can be wrong without the library is found before it is opened. */
    async function prepareStart(): Promise<(host: Host) => Promise<number>> {
      if (given.network === undefined) {
        raise({ code: 'cli.missingOption', message: '"train" needs --network <file>, or --resume <run>.', hint: 'See "train --help".' });
      }
      const network = await readNetwork(given.network);
      return async (host) => {
        const { config, info } = await buildConfig(network, given, (id) => findDataSet(host, id, given.target, terminal));
        const document = bindNetwork(network.document, info, config, terminal);
        return host.startRun({ document, config, ...(given.name === undefined ? {} : { name: given.name }) });
      };
    }

    function prepareResume(run: string): (host: Host) => Promise<number> {
      const fixed = Object.keys(given).find((name) => !resumable.includes(name));
      if (fixed !== undefined) {
        raise({
          code: 'cli.resumeOption',
          message: `"--${fixed}" cannot be used with --resume: a run continues as it was started.`,
          hint: 'Leave it out, or start a new run with it.',
        });
      }
      const id = Number(run);
      if (!Number.isSafeInteger(id) || id < 1) {
        raise({
          code: 'cli.runNumber',
          message: `"--resume" expects the number of a run, got "${run}".`,
          hint: '"layerbench runs" lists them.',
        });
      }
      return async (host) => {
        await host.handlers['runs.resume']({ id });
        return id;
      };
    }
  },
});

export type TrainOptions = {
  readonly [K in keyof typeof options]?: (typeof options)[K] extends { repeatable: true }
    ? readonly string[]
    : (typeof options)[K] extends { value: string }
      ? string
      : true;
};
