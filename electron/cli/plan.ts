/** `plan`: what a training becomes before it runs: kernels, buffers, memory, floating-point operations. */
import { prepareData } from '../../core/tasks/prepareData.ts';
import { planSession } from '../../core/plan/sessionPlan.ts';
import type { PlannedProgram, SessionPlan } from '../../core/plan/sessionPlan.ts';
import { lowerSession } from '../../core/program/lowerSession.ts';
import { bindNetwork } from './bindNetwork.ts';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { findDataSet } from './findDataSet.ts';
import { withHost } from './library.ts';
import { readData } from './readData.ts';
import { readNetwork } from './readNetwork.ts';
import { buildConfig } from './runSettings.ts';
import { formatTable } from './table.ts';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'Shows what a training becomes: its kernels, their buffers, memory and FLOPs.',
  usage: '<network> [options]',
  positionals: ['network'],
  options: {
    data: { value: '<id|file.csv>', help: 'data set to train on (default: the one the network was made for)' },
    target: { value: '<column>', help: "column to predict (default: the data set's own)" },
    'batch-size': { value: '<n>', help: 'rows per optimizer step' },
    optimizer: { value: '<name>', help: 'the optimizer; "train --help" lists them' },
    config: { value: '<file>', help: 'run config (.json); the options above and --set override it' },
    set: { value: '<path=value>', repeatable: true, help: 'change any field of the run config' },
    json: { help: 'one JSON line: { network, slotBytes, bufferBytes, totalBytes, programs: [{ name, kernels, stores, flops, bytes }] }' },
    library: libraryOption,
  },
  notes: ['One line per kernel of a training step; "|" marks those that wait for all before them.'],
  examples: ['plan mlp', 'plan mine.json --data penguins --batch-size 64 --json'],
  async run({ options, positionals }, terminal) {
    const network = await readNetwork(positionals[0]!);
    const { name, plan } = await withHost(options.library, async (host) => {
      const { config, info } = await buildConfig(network, options, (id) => findDataSet(host, id, options.target, terminal));
      const document = bindNetwork(network.document, info, config, terminal);
      const data = prepareData(await readData(info, host.libraryFolder), config);
      return { name: document.name, plan: planSession(lowerSession({ document, config, data })) };
    });
    if (options.json === true) terminal.out(JSON.stringify({ network: name, ...plan }));
    else for (const line of toLines(plan)) terminal.out(line);
    return exitCodes.ok;
  },
});

function toLines({ programs, slotBytes, bufferBytes, totalBytes }: SessionPlan): string[] {
  const train = programs[0]!;
  const rows = train.kernels.map(({ title, sort, shape, node, barrier, flops, bytes, buffers }) => [
    barrier ? '|' : '',
    title,
    sort,
    shape,
    node ?? '',
    flops,
    bytes,
    buffers.length,
  ]);
  return [
    ...formatTable(['', 'kernel', 'sort', 'shape', 'layer', 'FLOPs', 'bytes', 'buffers'], rows),
    '',
    ...formatTable(['program', 'batch', 'kernels', 'FLOPs', 'bytes', 'memory'], programs.map(programRow)),
    '',
    `Memory: ${megabytes(totalBytes)}: ${megabytes(slotBytes)} for weights, optimizer and data, ${megabytes(bufferBytes)} for a step.`,
  ];
}

function programRow({ name, batchSize, kernels, flops, bytes, arenaBytes }: PlannedProgram): (string | number)[] {
  return [name, batchSize, kernels.length, flops, bytes, arenaBytes];
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
