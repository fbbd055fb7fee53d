/** `predict`: what a finished run says to rows of its data set, typed values, an image, a text, or the end of its series. */
import { raise } from '../../core/problem.ts';
import type { UseDescription, UseItem } from '../contract/calls.ts';
import { readImage } from '../files/imageSheet.ts';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { findRun, numberOption } from './findRun.ts';
import { withHost } from './library.ts';
import { describeAnswer, describeForecast, describeNodes } from './reportAnswers.ts';
import type { Host } from '../host/host.ts';

const options = {
  row: {
    value: '<i>',
    repeatable: true,
    help: 'a row of the data set, counted from 0; of a forecast the first row to predict; of a graph a node',
  },
  values: { value: '<column=value,...>', repeatable: true, help: 'typed values; columns left out take their usual one' },
  file: { value: '<image>', repeatable: true, help: 'an image: .png, .idx (its first), or .json with a number 0-255 per pixel' },
  text: { value: '<text>', repeatable: true, help: 'what a sequence-to-sequence network reads' },
  test: { help: 'the first 24 rows of the test part, with what is true' },
  json: { help: 'one JSON line: { run, task, answers: [...] }; of a series { run, task, forecast }, of a graph { run, task, nodes }' },
  library: libraryOption,
} as const;

type PredictOptions = {
  readonly [K in keyof typeof options]?: (typeof options)[K] extends { repeatable: true } ? readonly string[] : true;
} & {
  readonly library?: string;
};

export const predictCommand = defineCommand({
  name: 'predict',
  summary: 'Asks a finished run: classes, numbers, forecasts, translations, nodes of a graph.',
  usage: '<run|last> [options]',
  positionals: ['run'],
  options,
  notes: ['A forecast begins behind the end of the series unless --row says where; of a graph all nodes are classified.'],
  examples: [
    'predict last --test',
    'predict 7 --values "species=Adelie,flipper_length_mm=190" --json',
    'predict 3 --file digit.png',
    'predict 5 --text "4th of July, 1999"',
    'predict 9 --row 4000',
  ],
  async run({ options: given, positionals }, terminal) {
    return withHost(given.library, async (host) => {
      const run = await findRun(host, positionals[0]!);
      const description = await host.handlers['use.describe']({ run });
      const { lines, result } = await ask(host, description, given as PredictOptions);
      if (given.json === true) terminal.out(JSON.stringify({ run, task: description.task, ...result }, plainArrays));
      else for (const line of lines) terminal.out(line);
      return exitCodes.ok;
    });
  },
});

interface Asked {
  readonly lines: readonly string[];
  readonly result: object;
}

async function ask(host: Host, description: UseDescription, given: PredictOptions): Promise<Asked> {
  const { run } = description;
  const rows = rowsOf(description, given);
  if (description.forecast !== undefined) {
    const [row] = rows;
    const forecast = await host.handlers['use.forecast']({ run, ...(row === undefined ? {} : { row }) });
    return { lines: describeForecast(forecast), result: { forecast } };
  }
  if (description.nodes !== undefined) {
    const nodes = await host.handlers['use.nodes']({ run });
    return describeNodes(nodes, rows);
  }
  if (description.translate !== undefined) {
    const known = await host.handlers['use.rows']({ run, rows });
    const { source: column } = description.translate;
    const texts: { readonly source: string; readonly truth?: string }[] = [
      ...(given.text ?? []).map((source) => ({ source })),
      ...known.map(({ values, truth }) => ({ source: String(values[column] ?? ''), truth: String(truth ?? '') })),
    ];
    if (texts.length === 0) nothingAsked('--text, --row or --test');
    const answers = [];
    for (const asked of texts) answers.push({ ...asked, ...(await host.handlers['use.translate']({ run, text: asked.source })) });
    return {
      lines: answers.map(
        ({ source, text, truth }) => `${source} → ${text}${truth === undefined || truth === text ? '' : ` (true: ${truth})`}`,
      ),
      result: { answers },
    };
  }
  return predictItems(host, description, given, rows);
}

async function predictItems(host: Host, description: UseDescription, given: PredictOptions, rows: readonly number[]): Promise<Asked> {
  const { run, predict } = description;
  const items: { readonly name: string; readonly item: UseItem }[] = rows.map((row) => ({ name: `row ${row}`, item: { row } }));
  for (const text of given.values ?? []) items.push({ name: text, item: { values: parseValues(text) } });
  for (const file of given.file ?? []) {
    const shape =
      predict?.image ??
      raise({ code: 'cli.noImage', message: `Run ${run} reads no images: --file cannot be used.`, hint: 'Use --row or --values.' });
    items.push({ name: file, item: { image: await readImage(file, shape) } });
  }
  if (items.length === 0 && predict !== undefined) nothingAsked('--row, --values, --file or --test');
  const answers = await host.handlers['use.predict']({ run, items: items.map(({ item }) => item) });
  return {
    lines: answers.flatMap((answer, i) => describeAnswer(items[i]!.name, answer)),
    result: { answers: answers.map((answer, i) => ({ item: items[i]!.name, ...answer })) },
  };
}

function nothingAsked(options: string): never {
  return raise({ code: 'cli.nothingAsked', message: `"predict" needs something to predict: ${options}.`, hint: 'See "predict --help".' });
}

function rowsOf(description: UseDescription, given: PredictOptions): number[] {
  const whole = { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true } as const;
  const rows = (given.row ?? []).map((text) => numberOption('row', text, 0, whole));
  return given.test === true ? [...rows, ...description.examples] : rows;
}

/** `a=1,b=two, three`: a comma ends a value where a name and = follow. */
export function parseValues(text: string): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  for (const part of text.split(/,(?=[^,=]+=)/)) {
    const at = part.indexOf('=');
    if (at < 1) raise({ code: 'cli.values', message: `"--values" expects column=value,..., got "${part}".` });
    const value = part.slice(at + 1).trim();
    values[part.slice(0, at).trim()] = value === '' ? null : value;
  }
  return values;
}

/** Typed arrays as lists of numbers. */
function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
}
