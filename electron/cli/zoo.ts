/** `zoo`: reference architectures with their parameter counts. Opens no library and allocates no weights. */
import { countModel, zoo } from '../../core/zoo/index.ts';
import { defineCommand, exitCodes } from './command.ts';
import { formatTable } from './table.ts';

export const zooCommand = defineCommand({
  name: 'zoo',
  summary: 'Lists reference architectures, from LeNet-5 to Llama 3: parameters, layers, what was published.',
  usage: '[options]',
  options: {
    json: {
      help: 'one JSON line: an array of { id, title, year, family, parameters, layers, flops, published: { parameters, source }, paper }',
    },
  },
  notes: [
    'Layers count every repetition of a block; FLOPs are those of the forward pass of one sample.',
    '"shapes <id>" lists the layers of one.',
  ],
  examples: ['zoo', 'zoo --json', 'shapes gpt-3'],
  run({ options }, terminal) {
    const models = zoo.map((model) => ({ model, figures: countModel(model) }));
    if (options.json === true) {
      const rows = models.map(({ model: { build: _, ...described }, figures }) => ({ published: null, ...described, ...figures }));
      terminal.out(JSON.stringify(rows));
    } else {
      const rows = models.map(({ model, figures }) => [
        model.id,
        model.title,
        model.year,
        figures.layers,
        figures.parameters,
        model.published === undefined ? '' : shortCount(model.published.parameters),
      ]);
      for (const line of formatTable(['id', 'model', 'year', 'layers', 'parameters', 'published'], rows)) terminal.out(line);
    }
    return Promise.resolve(exitCodes.ok);
  },
});

/** `60K`, `25.6M`, `175B`: as papers write them. */
function shortCount(count: number): string {
  for (const [size, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const) {
    if (count >= size) return `${+(count / size).toFixed(1)}${letter}`;
  }
  return String(count);
}
