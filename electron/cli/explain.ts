/** `explain`: one step of training taken apart: every stage in order with its tensors. */
import type { Stage, TensorRef } from '../../core/explain/stages.ts';
import type { ExplainView } from '../../core/explain/view.ts';
import { raise } from '../../core/problem.ts';
import type { Trainable } from '../contract/calls.ts';
import type { Host } from '../host/host.ts';
import { bindNetwork } from './bindNetwork.ts';
import { defineCommand, exitCodes, libraryOption, type Terminal } from './command.ts';
import { stageWithNumbers } from './explainStages.ts';
import { findDataSet } from './findDataSet.ts';
import { findRun, numberOption } from './findRun.ts';
import { withHost } from './library.ts';
import { readNetwork } from './readNetwork.ts';
import { buildConfig } from './runSettings.ts';
import { formatNumber } from './table.ts';

export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'Takes one step of training apart: forward, loss, backward, update, with every number.',
  usage: '<network|run|last> [options]',
  positionals: ['network'],
  options: {
    sample: {
      value: '<i>',
      repeatable: true,
      help: 'row of the data set, counted from 0 (default: the first of validation); several make a batch',
    },
    steps: { value: '<n>', help: 'steps to take before the one that is shown (default 0)' },
    mode: {
      value: '<train|evaluate>',
      help: 'whether dropout drops and batch norm looks at the batch (default: train, but evaluate for one sample with batch norm)',
    },
    data: { value: '<id|file.csv>', help: 'of a network: data set (default: the one the network was made for)' },
    target: { value: '<column>', help: "of a network: column to predict (default: the data set's own)" },
    config: { value: '<file>', help: 'of a network: run config (.json); --set overrides it' },
    set: { value: '<path=value>', repeatable: true, help: 'of a network: change any field of the run config' },
    json: {
      help: 'one JSON line: { network, samples, mode, step, learningRate, loss, stages: [...] } with shapes and values of every tensor',
    },
    library: libraryOption,
  },
  notes: [
    'A number or "last" is a run with its last weights; a network starts from the weights of its seed.',
    'Without --json the sizes of the numbers are shown, not the numbers.',
  ],
  examples: [
    'explain mlp --data fashion-mnist --sample 3 --json',
    'explain last --sample 17',
    'explain lenet5 --set seed=2 --steps 5 --json',
  ],
  async run({ options, positionals }, terminal) {
    return withHost(options.library, async (host) => {
      const { of, name } = await chosen(host, positionals[0]!, options, terminal);
      const rows = (options.sample ?? []).map((text) =>
        numberOption('sample', text, 0, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }),
      );
      const mode = modeOf(options.mode);
      const view = await host.handlers['explain.open']({ of, rows, ...(mode === undefined ? {} : { mode }) });
      const { machine } = view;
      const steps = numberOption('steps', options.steps, 0, { min: 0, max: 10_000, whole: true });
      let state: Pick<ExplainView, 'step' | 'learningRate' | 'loss'> = view;
      for (let i = 0; i < steps; i++) state = await host.handlers['explain.advance']({ machine });
      const { step, learningRate, loss } = state;
      const summary = { network: name, samples: view.rows, mode: view.mode, step, learningRate, loss };
      if (options.json !== true) {
        for (const line of toLines(view, summary)) terminal.out(line);
        return exitCodes.ok;
      }
      const stages: object[] = [];
      for (const stage of view.stages) {
        if (terminal.interrupted.aborted) return exitCodes.interrupted;
        stages.push(await stageWithNumbers(host, machine, stage));
      }
      terminal.out(JSON.stringify({ ...summary, stages }));
      return exitCodes.ok;
    });
  },
});

interface Summary extends Pick<ExplainView, 'mode' | 'step' | 'learningRate' | 'loss'> {
  readonly network: string;
  readonly samples: readonly number[];
}

interface Options {
  readonly data?: string;
  readonly target?: string;
  readonly config?: string;
  readonly set?: readonly string[];
}

async function chosen(
  host: Host,
  text: string,
  options: Options,
  terminal: Terminal,
): Promise<{ of: { run: number } | Trainable; name: string }> {
  if (text === 'last' || /^\d+$/.test(text)) {
    const run = await findRun(host, text);
    return { of: { run }, name: (await host.handlers['runs.get']({ id: run })).name };
  }
  const network = await readNetwork(text);
  const { config, info } = await buildConfig(network, options, (id) => findDataSet(host, id, options.target, terminal));
  const document = bindNetwork(network.document, info, config, terminal);
  return { of: { document, config }, name: document.name };
}

function modeOf(text: string | undefined): ExplainView['mode'] | undefined {
  if (text === undefined || text === 'train' || text === 'evaluate') return text;
  return raise({ code: 'cli.mode', message: `"--mode" expects train or evaluate, got "${text}".` });
}

function toLines(view: ExplainView, { network, samples, mode, step, learningRate, loss }: Summary): string[] {
  const size = ({ name, step: at, shape }: TensorRef) => `${name}${at === undefined ? '' : ` ${at}`} (${shape.join(' × ')})`;
  const line = (stage: Stage): string => {
    switch (stage.phase) {
      case 'forward':
        return `forward   ${stage.name}: ${[...stage.weights, ...stage.inside.filter((ref) => (ref.step ?? 0) === 0), stage.output].map(size).join(', ')}`;
      case 'loss':
        return `loss      ${stage.type}: ${size(stage.prediction)} against ${size(stage.target)}`;
      case 'backward': {
        const found = [stage.output, ...stage.weights, ...stage.inputs].filter(({ gradient }) => gradient !== undefined);
        return `backward  ${stage.name}: ${found.length === 0 ? 'nothing flows' : `gradients of ${found.map(size).join(', ')}`}`;
      }
      case 'update':
        return `update    ${stage.name}: ${stage.parameters.map(({ name, shape }) => `${name} (${shape.join(' × ')})`).join(', ')}`;
    }
  };
  const start = `${network}, row ${samples.join(', ')}, ${mode} mode: loss ${formatNumber(loss)} before step ${step + 1}, learning rate ${formatNumber(learningRate)}`;
  return [start, ...view.stages.map(line)];
}
