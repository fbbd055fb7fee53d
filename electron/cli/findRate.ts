/** `find-rate`: tries growing learning rates for a few steps and names a good one. Nothing is saved. */
import { prepareData } from '../../core/tasks/prepareData.ts';
import { searchRate, suggestRate, type RatePoint } from '../../core/train/rateFinder.ts';
import { createEngine } from '../trainer/createEngine.ts';
import { bindNetwork } from './bindNetwork.ts';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { findDataSet } from './findDataSet.ts';
import { withHost } from './library.ts';
import { readData } from './readData.ts';
import { readNetwork } from './readNetwork.ts';
import { buildConfig } from './runSettings.ts';
import { formatNumber, formatTable } from './table.ts';

/** Rows of the table for people; all points are in the JSON. */
const shownPoints = 20;

export const findRateCommand = defineCommand({
  name: 'find-rate',
  summary: 'Tries growing learning rates for a few steps and names a good one.',
  usage: '<network> [options]',
  positionals: ['network'],
  options: {
    data: { value: '<id|file.csv>', help: 'data set to train on (default: the one the network was made for)' },
    target: { value: '<column>', help: "column to predict (default: the data set's own)" },
    'batch-size': { value: '<n>', help: 'rows per optimizer step' },
    optimizer: { value: '<name>', help: 'the optimizer the rate is for' },
    config: { value: '<file>', help: 'run config (.json); the options above and --set override it' },
    set: { value: '<path=value>', repeatable: true, help: 'change any field of the run config' },
    json: { help: 'one JSON line: { network, optimizer, suggested, points: [{ rate, loss }] }' },
    library: libraryOption,
  },
  notes: ['The rate named is where the loss falls fastest. Nothing of the search is saved.'],
  examples: ['find-rate mlp', 'find-rate mine.json --data penguins --optimizer sgd --json'],
  async run({ options, positionals }, terminal) {
    const network = await readNetwork(positionals[0]!);
    const { name, optimizer, points } = await withHost(options.library, async (host) => {
      const { config, info } = await buildConfig(network, options, (id) => findDataSet(host, id, options.target, terminal));
      const document = bindNetwork(network.document, info, config, terminal);
      const data = prepareData(await readData(info, host.libraryFolder), config);
      const engine = createEngine(config.engine);
      const found: RatePoint[] = [];
      try {
        for await (const point of searchRate({ config, document, data, engine }, { poll: async () => undefined })) {
          found.push(point);
          terminal.status(`learning rate ${formatNumber(point.rate)}, loss ${formatNumber(point.loss)}`);
          if (terminal.interrupted.aborted) break;
        }
      } finally {
        await engine.dispose();
      }
      return { name: document.name, optimizer: config.optimizer.type, points: found };
    });
    if (terminal.interrupted.aborted) return exitCodes.interrupted;
    const suggested = suggestRate(points);
    if (options.json === true) terminal.out(JSON.stringify({ network: name, optimizer, suggested: suggested ?? null, points }));
    else {
      const every = Math.max(1, Math.ceil(points.length / shownPoints));
      const rows = points
        .filter((_, i) => i % every === 0)
        .map(({ rate, loss }) => [Number(formatNumber(rate)), Number(formatNumber(loss))]);
      for (const line of formatTable(['learning rate', 'loss'], rows)) terminal.out(line);
      terminal.out(
        suggested === undefined
          ? 'The loss never fell: no rate is better than another here.'
          : `Suggested: --set optimizer.learningRate=${suggested}`,
      );
    }
    return exitCodes.ok;
  },
});
