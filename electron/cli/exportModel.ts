/** `export`: a run's trained network as one JavaScript file. */
import { resolve } from 'node:path';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { findRun } from './findRun.ts';
import { withHost } from './library.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Writes a trained network with its preparation as one JavaScript file without dependencies.',
  usage: '<run> [options]',
  positionals: ['run'],
  options: {
    out: { value: '<file.js>', help: 'where it goes (default: model.js)' },
    script: { help: 'for a page without modules: it then makes layerbenchModel with predict' },
    json: { help: 'one JSON line: { run, out, sizeBytes }' },
    library: libraryOption,
  },
  notes: ['The file is an ES module: import { predict } from "./model.js". What predict takes stands in its first lines.'],
  examples: ['export 12 --out penguins.js'],
  async run({ options, positionals }, terminal) {
    const out = resolve(options.out ?? 'model.js');
    const { run, sizeBytes } = await withHost(options.library, async (host) => {
      const id = await findRun(host, positionals[0]!);
      return { run: id, ...(await host.modelFiles.exportFile(id, out, options.script === true)) };
    });
    terminal.out(options.json === true ? JSON.stringify({ run, out, sizeBytes }) : `${out}, ${Math.ceil(sizeBytes / 1000)} kB`);
    return exitCodes.ok;
  },
});
