/** `data`: the data sets that can be trained on. */
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { withHost } from './library.ts';
import { formatTable } from './table.ts';

export const dataCommand = defineCommand({
  name: 'data',
  summary: 'Lists the data sets: those that come with Layerbench and those imported into the library.',
  usage: '[options]',
  options: {
    json: { help: 'one JSON line: an array of data sets with their columns' },
    library: libraryOption,
  },
  examples: ['data', 'data --json'],
  async run({ options }, terminal) {
    const dataSets = await withHost(options.library, async (host) => host.handlers['data.list']({}));
    if (options.json === true) {
      terminal.out(JSON.stringify(dataSets));
    } else {
      const rows = dataSets.map((info) => [info.id, info.name, info.kind, info.rowCount, info.columns.length, info.defaultTarget ?? '']);
      for (const line of formatTable(['id', 'name', 'kind', 'rows', 'columns', 'target'], rows)) terminal.out(line);
    }
    return exitCodes.ok;
  },
});
