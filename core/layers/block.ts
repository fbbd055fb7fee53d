/**
 * Block, BlockInput, BlockOutput: a sub-graph as one node, and its ends. Shape inference and lowering look into the block
 * (core/graph/inferBlock.ts, core/program/expandNetwork.ts), so the rules of these definitions are never asked.
 */
import { defineLayer } from './defineLayer.ts';

function notAsked(): never {
  throw new Error('A block is inferred and lowered through its layers.');
}

/** More would be a slip of the keyboard; GPT-3 has 96. */
const mostRepeats = 1000;

export const block = defineLayer({
  type: 'block',
  version: 1,
  title: 'Block',
  family: 'structure',
  keywords: ['repeat', 'group', 'module', 'stage'],
  doc: {
    summary:
      'Several layers drawn as one. Repeated, the block is put behind itself so many times, each time with weights of its own; that is how a network of hundreds of layers stays one small drawing. Double-click opens it.',
    source: 'Szegedy and others 2015, Going deeper with convolutions; as nested torch.nn.Module',
  },
  params: {
    repeat: {
      kind: 'integer',
      label: 'Repeat',
      doc: 'How many times the block stands behind itself, each time with weights of its own.',
      default: 1,
      min: 1,
      max: mostRepeats,
      step: 1,
    },
  },
  inputCount: { min: 0, max: Infinity },
  hasOutput: true,
  inferShape: notAsked,
  weights: notAsked,
  lower: notAsked,
  describe: notAsked,
});

export const blockInput = defineLayer({
  type: 'blockInput',
  version: 1,
  title: 'Block input',
  family: 'input',
  keywords: ['port', 'enter'],
  doc: {
    summary:
      'Where values enter a block. A block with several of them takes as many inputs, in this order; repeated, the first one is handed from one repetition to the next and the others go to all.',
    source: 'As the arguments of torch.nn.Module.forward',
  },
  params: {},
  inputCount: { min: 0, max: 0 },
  hasOutput: true,
  inferShape: notAsked,
  weights: notAsked,
  lower: notAsked,
  describe: notAsked,
});

export const blockOutput = defineLayer({
  type: 'blockOutput',
  version: 1,
  title: 'Block output',
  family: 'output',
  keywords: ['port', 'leave'],
  doc: { summary: 'What leaves the block. Every block has one.', source: 'As the result of torch.nn.Module.forward' },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: false,
  inferShape: notAsked,
  weights: notAsked,
  lower: notAsked,
  describe: notAsked,
});
