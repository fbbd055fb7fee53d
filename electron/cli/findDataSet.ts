/** A data set named on the command line: an id of the library, or a CSV or text file, which is imported into it. */
import { extname } from 'node:path';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';
import type { Host } from '../host/host.ts';
import type { Terminal } from './command.ts';
import { isFile } from './files.ts';
import { suggestion } from './nearest.ts';

/** @throws ProblemError for an unknown id, a missing file, or a file that is neither table nor text */
export async function findDataSet(host: Host, name: string, target: string | undefined, terminal: Terminal): Promise<DataSetInfo> {
  const dataSets = await host.handlers['data.list']({});
  const known = dataSets.find((info) => info.id === name);
  if (known !== undefined) return known;
  if (await isFile(name)) {
    const info = await host.importCsvFile(name, target === undefined ? {} : { target });
    const size =
      info.kind === 'text'
        ? `${info.rowCount} characters, ${info.columns[0]?.categories?.length ?? 0} of them different`
        : `${info.rowCount} rows, ${info.columns.length} columns`;
    terminal.err(`Data set "${info.id}": ${size}, read from ${name}.`);
    return info;
  }
  if (extname(name) !== '' || name.includes('/') || name.includes('\\')) {
    raise({ code: 'file.notRead', message: `The data file "${name}" does not exist.`, where: { kind: 'file', file: name } });
  }
  raise({
    code: 'data.unknown',
    message: `There is no data set "${name}".`,
    hint: suggestion(
      name,
      dataSets.map((info) => info.id),
    ),
  });
}
