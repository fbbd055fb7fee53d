/**
 * How weights start: each way with the spread it aims at and the activations it suits. Fans are PyTorch's: fan-in the
 * numbers an output sums up, fan-out the outputs a number goes into.
 */
import type { Initialiser } from '../layers/defineLayer.ts';

export interface InitialiserDefinition {
  readonly title: string;
  /** What it does and which activation it suits. */
  readonly doc: string;
  readonly source: string;
  start(fanIn: number, fanOut: number): Initialiser;
}

const glorot = 'Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks';
const he = 'He, Zhang, Ren, Sun 2015, Delving deep into rectifiers';
const lecun = 'LeCun, Bottou, Orr, Müller 1998, Efficient BackProp';
const uniform = (variance: number): Initialiser => ({ kind: 'uniform', bound: Math.sqrt(3 * variance) });
const normal = (variance: number): Initialiser => ({ kind: 'normal', standardDeviation: Math.sqrt(variance) });

export const initialisers = {
  xavierUniform: {
    title: 'Xavier uniform',
    doc: 'Variance 2 ÷ (inputs + outputs). Suits sigmoid, tanh and softmax.',
    source: glorot,
    start: (fanIn, fanOut) => uniform(2 / (fanIn + fanOut)),
  },
  xavierNormal: {
    title: 'Xavier normal',
    doc: 'Variance 2 ÷ (inputs + outputs). Suits sigmoid, tanh and softmax.',
    source: glorot,
    start: (fanIn, fanOut) => normal(2 / (fanIn + fanOut)),
  },
  heUniform: {
    title: 'He uniform',
    doc: 'Variance 2 ÷ inputs. Suits ReLU and its relatives: leaky ReLU, ELU, GELU, SiLU.',
    source: he,
    start: (fanIn) => uniform(2 / fanIn),
  },
  heNormal: {
    title: 'He normal',
    doc: 'Variance 2 ÷ inputs. Suits ReLU and its relatives: leaky ReLU, ELU, GELU, SiLU.',
    source: he,
    start: (fanIn) => normal(2 / fanIn),
  },
  lecunUniform: {
    title: 'LeCun uniform',
    doc: 'Variance 1 ÷ inputs. Suits tanh and linear layers.',
    source: lecun,
    start: (fanIn) => uniform(1 / fanIn),
  },
  lecunNormal: {
    title: 'LeCun normal',
    doc: 'Variance 1 ÷ inputs. Suits SELU, which needs it to keep its mean and variance.',
    source: `${lecun}; Klambauer and others 2017 (SELU)`,
    start: (fanIn) => normal(1 / fanIn),
  },
  orthogonal: {
    title: 'Orthogonal',
    doc: 'Rows (or columns) at right angles and of length 1: keeps the length of what passes. Suits recurrent and very deep linear networks.',
    source: 'Saxe, McClelland, Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks',
    start: () => ({ kind: 'orthogonal', gain: 1 }),
  },
  normal: {
    title: 'Normal 0.02',
    doc: 'Normal with deviation 0.02 whatever the size. Suits transformers with GELU.',
    source: 'Radford and others 2019, Language models are unsupervised multitask learners (GPT-2)',
    start: () => ({ kind: 'normal', standardDeviation: 0.02 }),
  },
  truncatedNormal: {
    title: 'Truncated normal 0.02',
    doc: 'Normal with deviation 0.02, drawn again beyond two deviations: no outliers at the start. Suits transformers with GELU.',
    source: 'Devlin, Chang, Lee, Toutanova 2019, BERT',
    start: () => ({ kind: 'truncatedNormal', standardDeviation: 0.02 }),
  },
  uniform: {
    title: 'Uniform 0.05',
    doc: 'Even between −0.05 and 0.05 whatever the size. Suits small networks with any activation; deep ones fade.',
    source: 'Rumelhart, Hinton, Williams 1986, Learning representations by back-propagating errors (small random weights)',
    start: () => ({ kind: 'uniform', bound: 0.05 }),
  },
  constant: {
    title: 'Constant 0.1',
    doc: 'Every weight 0.1: every unit starts equal and stays equal. Suits no activation; only for showing why that fails.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.4',
    start: () => ({ kind: 'constant', value: 0.1 }),
  },
  ones: {
    title: 'Ones',
    doc: 'Every weight 1. Suits no activation; only for showing how sums explode.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.4',
    start: () => ({ kind: 'ones' }),
  },
  zeros: {
    title: 'Zeros',
    doc: 'Every unit starts equal and stays equal. Suits no activation; only for showing why that fails.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.4',
    start: () => ({ kind: 'zeros' }),
  },
} as const satisfies Record<string, InitialiserDefinition>;

export type InitialiserName = keyof typeof initialisers;

export function isInitialiserName(name: string): name is InitialiserName {
  return Object.hasOwn(initialisers, name);
}
