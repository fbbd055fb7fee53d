/** How the networks of the zoo were trained, as their authors published it. What was not published is absent. */

/** What is counted: one picture, one token of text, one pass over a whole graph. */
export type DataUnit = 'image' | 'token' | 'graph';

export interface TrainingFacts {
  readonly unit: DataUnit;
  /** Units in one sample of the network as the zoo draws it: the tokens of a sequence. */
  readonly unitsPerSample: number;
  /** Different units in the training data. */
  readonly data?: number;
  /** Units that training went through, repetitions counted. */
  readonly seen?: number;
  /** Floating-point operations of the whole training, as published. */
  readonly flops?: number;
  /** Where these figures stand. */
  readonly source: string;
}

/** ILSVRC 2012, the thousand classes of ImageNet. */
const imageNet = 1_281_167;

/** By the zoo's id. */
export const trainingFacts: Readonly<Record<string, TrainingFacts>> = {
  'lenet-5': {
    unit: 'image',
    unitsPerSample: 1,
    data: 60_000,
    seen: 20 * 60_000,
    source: 'LeCun and others 1998, section III.A and III.B: 60,000 images, 20 passes',
  },
  alexnet: {
    unit: 'image',
    unitsPerSample: 1,
    data: imageNet,
    seen: 90 * imageNet,
    source: 'Krizhevsky, Sutskever, Hinton 2012, section 5: about 90 cycles through 1.2 million images',
  },
  'vgg-16': {
    unit: 'image',
    unitsPerSample: 1,
    data: imageNet,
    seen: 370_000 * 256,
    source: 'Simonyan, Zisserman 2014, section 3.1: 370,000 steps of 256 images',
  },
  'resnet-20': {
    unit: 'image',
    unitsPerSample: 1,
    data: 45_000,
    seen: 64_000 * 128,
    source: 'He and others 2015, section 4.2: 45,000 images of CIFAR-10, 64,000 steps of 128',
  },
  'resnet-18': {
    unit: 'image',
    unitsPerSample: 1,
    data: imageNet,
    seen: 600_000 * 256,
    source: 'He and others 2015, section 3.4: up to 600,000 steps of 256 images',
  },
  'resnet-50': {
    unit: 'image',
    unitsPerSample: 1,
    data: imageNet,
    seen: 600_000 * 256,
    source: 'He and others 2015, section 3.4: up to 600,000 steps of 256 images',
  },
  'gcn-cora': {
    unit: 'graph',
    unitsPerSample: 1,
    data: 1,
    seen: 200,
    source: 'Kipf, Welling 2017, section 5.2: at most 200 passes over the graph',
  },
  'bert-large': {
    unit: 'token',
    unitsPerSample: 512,
    data: 3.3e9,
    seen: 1_000_000 * 256 * (0.9 * 128 + 0.1 * 512),
    source:
      'Devlin and others 2018, section 3.1 and appendix A.2: 3.3 billion words; a million steps of 256 sequences, nine tenths of them of 128 tokens',
  },
  'efficientnet-b0': {
    unit: 'image',
    unitsPerSample: 1,
    data: imageNet,
    seen: 350 * imageNet,
    source: 'Tan, Le 2019: ImageNet; 350 passes as in the authors’ published code',
  },
  'gpt-2': {
    unit: 'token',
    unitsPerSample: 1024,
    source: 'Radford and others 2019: 40 GB of text from the web; neither tokens nor passes were published',
  },
  'gpt-3': {
    unit: 'token',
    unitsPerSample: 2048,
    data: 499e9,
    seen: 300e9,
    flops: 3.14e23,
    source: 'Brown and others 2020, table 2.2 and table D.1: 300 of 499 billion tokens, 3.14e23 FLOP',
  },
  'ddpm-cifar10': {
    unit: 'image',
    unitsPerSample: 1,
    data: 50_000,
    seen: 800_000 * 128,
    source: 'Ho, Jain, Abbeel 2020, appendix B: 800,000 steps of 128 images',
  },
  'llama-3-8b': {
    unit: 'token',
    unitsPerSample: 8192,
    data: 15e12,
    seen: 15e12,
    source: 'Meta 2024, model card of Llama 3: more than 15 trillion tokens',
  },
  'llama-3-70b': {
    unit: 'token',
    unitsPerSample: 8192,
    data: 15e12,
    seen: 15e12,
    source: 'Meta 2024, model card of Llama 3: more than 15 trillion tokens',
  },
};

/** A network whose figures were never published. */
export interface Estimate {
  readonly id: string;
  readonly title: string;
  readonly year: number;
  readonly parameters: number;
  /** Tokens seen in training. */
  readonly seen: number;
  /** Of the whole training. */
  readonly flops: number;
  readonly source: string;
}

export const estimates: readonly Estimate[] = [
  {
    id: 'gpt-4',
    title: 'GPT-4',
    year: 2023,
    parameters: 1.8e12,
    seen: 13e12,
    flops: 2.1e25,
    source:
      'never published; parameters and tokens as reported by SemiAnalysis in July 2023 (a mixture of experts, of which a token uses a part), compute as estimated by Epoch AI',
  },
];
