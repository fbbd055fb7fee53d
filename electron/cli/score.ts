/** `score`: predicts every row of a file with a finished run. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { raise } from '../../core/problem.ts';
import type { RunId } from '../contract/calls.ts';
import { raiseFileError } from '../files/fileProblem.ts';
import type { Host } from '../host/host.ts';
import type { ScoreFileResult } from '../trainer/scoreFile.ts';
import { defineCommand, exitCodes, libraryOption, type Terminal } from './command.ts';
import { findRun } from './findRun.ts';
import { withHost } from './library.ts';
import { formatNumber, formatTable } from './table.ts';

/** Files of a folder that are scored. */
const scored = /\.(?:csv|tsv|txt|idx|idx3-ubyte|idx4-ubyte)(?:\.gz)?$/i;

export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'Predicts every row of a file, or of all files of a folder, with a finished run.',
  usage: '<run> <file.csv> [options]',
  positionals: ['run', 'file'],
  options: {
    out: { value: '<file>', help: 'where the result goes (default: beside the file, <name>-scored.csv); for a folder a folder' },
    'per-class': { help: 'a column with the probability of every class' },
    json: { help: 'one JSON line per file: { run, file, out, rows, columns, counts, range, problems }' },
    library: libraryOption,
  },
  notes: [
    'The file needs the columns the run was trained on, under the same names; all of its columns are kept. Added are the',
    'prediction and, for classes, its probability. Runs on images take IDX files.',
  ],
  examples: [
    'score 12 new-penguins.csv',
    'score 12 new-penguins.csv --out predictions.csv --per-class',
    'score 7 t10k-images.idx3-ubyte --json',
  ],
  async run({ options, positionals }, terminal) {
    const given = resolve(positionals[1]!);
    return withHost(options.library, async (host) => {
      const run = await findRun(host, positionals[0]!);
      for (const { path, out } of await pairs(given, options.out)) {
        const result = await scoreOne(host, { run, path, outPath: out, perClass: options['per-class'] === true }, terminal);
        if (terminal.interrupted.aborted) return exitCodes.interrupted;
        if (options.json === true) {
          const { head: _head, ...rest } = result;
          terminal.out(JSON.stringify({ run, file: path, out, ...rest }));
        } else report(result, out, terminal);
      }
      return exitCodes.ok;
    });
  },
});

async function scoreOne(
  host: Host,
  job: { readonly run: RunId; readonly path: string; readonly outPath: string; readonly perClass: boolean },
  terminal: Terminal,
): Promise<ScoreFileResult> {
  const fileName = basename(job.path);
  const result = await host.modelFiles.scoreFile({
    ...job,
    fileName,
    signal: terminal.interrupted,
    onProgress: ({ done, total }) => terminal.status(`scoring ${fileName}: ${Math.floor((100 * done) / Math.max(1, total))} %`),
  });
  terminal.status('');
  return result;
}

/** Each file with where its result goes. */
async function pairs(given: string, out: string | undefined): Promise<{ path: string; out: string }[]> {
  try {
    if (!(await stat(given)).isDirectory()) return [{ path: given, out: out === undefined ? outFor(given, dirname(given)) : resolve(out) }];
    const names = (await readdir(given)).filter((name) => scored.test(name) && !/-scored\.\w+$/.test(name)).sort();
    if (names.length === 0) {
      raise({
        code: 'score.emptyFolder',
        message: `${given} holds no file that can be scored: expected tables (.csv, .tsv, .txt) or images (.idx, .idx3-ubyte).`,
        hint: 'Images in other formats must be brought into one IDX file first.',
      });
    }
    return names.map((name) => ({ path: join(given, name), out: outFor(join(given, name), out === undefined ? given : resolve(out)) }));
  } catch (error) {
    return raiseFileError(error, 'Scoring', given);
  }
}

function outFor(path: string, folder: string): string {
  const plain = path.replace(/\.gz$/i, '');
  const extension = extname(plain);
  return join(folder, `${basename(plain, extension)}-scored${extension === '.tsv' ? extension : '.csv'}`);
}

function report({ rows, counts, range, problems }: ScoreFileResult, out: string, terminal: Terminal): void {
  for (const { message, hint, rows: where } of problems) {
    terminal.err(`${message}${where === undefined ? '' : ` Rows ${where.join(', ')}.`}${hint === undefined ? '' : ` ${hint}`}`);
  }
  const table = counts.map(({ name, count }) => [name, count]);
  if (table.length > 0) for (const line of formatTable(['predicted', 'rows'], table)) terminal.out(line);
  if (range !== undefined)
    terminal.out(`Predicted from ${formatNumber(range.min)} to ${formatNumber(range.max)}, mean ${formatNumber(range.mean)}.`);
  terminal.out(`${rows} ${rows === 1 ? 'row' : 'rows'} scored: ${out}`);
}
