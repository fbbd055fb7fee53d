/** `runs`: the library's runs, newest first. */
import type { RunSummary } from '../contract/calls.ts';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { withHost } from './library.ts';
import { formatNumber, formatTable } from './table.ts';

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'Lists the runs of the library, newest first.',
  usage: '[options]',
  options: {
    json: { help: 'one JSON line: an array of runs' },
    deleted: { help: 'list the runs in the trash instead' },
    library: libraryOption,
  },
  examples: ['runs', 'runs --json'],
  async run({ options }, terminal) {
    const runs = await withHost(options.library, async (host) =>
      host.handlers['runs.list'](options.deleted === true ? { deleted: true } : {}),
    );
    if (options.json === true) terminal.out(JSON.stringify(runs));
    else if (runs.length === 0) terminal.err('There are no runs yet. Start one with "layerbench train --network <file>".');
    else for (const line of formatTable(['run', 'name', 'status', 'epoch', 'data', 'best'], runs.map(row))) terminal.out(line);
    return exitCodes.ok;
  },
});

function row(run: RunSummary): (string | number)[] {
  return [run.id, run.name, run.status, `${formatNumber(run.epoch)}/${run.epochs}`, run.dataSet, best(run)];
}

/** The measure people compare first: on the validation part where there is one. */
function best(run: RunSummary): string {
  for (const name of ['validation/accuracy', 'validation/rmse', 'train/accuracy', 'train/rmse']) {
    const metric = run.summary[name];
    if (metric !== undefined) return `${name} ${formatNumber(metric.best)}`;
  }
  return '';
}
