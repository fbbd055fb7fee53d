/** The zoo: reference architectures as documents, by year. Adding one: its file, a line here and its count in the test. */
import { inferShapes } from '../graph/inferShapes.ts';
import { alexNet } from './alexNet.ts';
import { bertLarge } from './bert.ts';
import { charRnn } from './charRnn.ts';
import { dcgan28 } from './dcgan28.ts';
import { ddpmCifar10 } from './ddpm.ts';
import { ddpm28 } from './ddpm28.ts';
import type { ZooModel } from './defineModel.ts';
import { efficientNetB0 } from './efficientNet.ts';
import { gcnCora } from './gcnCora.ts';
import { gpt2, gpt3 } from './gpt.ts';
import { leNet5 } from './leNet5.ts';
import { llama3Large, llama3Small } from './llama3.ts';
import { mlp784 } from './mlp784.ts';
import { resNet18, resNet20, resNet50 } from './resNet.ts';
import { seq2seq } from './seq2seq.ts';
import { vae } from './vae.ts';
import { vgg16 } from './vgg16.ts';

export type { ZooFamily, ZooModel } from './defineModel.ts';

export const zoo: readonly ZooModel[] = [
  mlp784,
  leNet5,
  alexNet,
  vae,
  seq2seq,
  vgg16,
  resNet20,
  resNet18,
  resNet50,
  dcgan28,
  charRnn,
  gcnCora,
  bertLarge,
  efficientNetB0,
  gpt2,
  gpt3,
  ddpmCifar10,
  ddpm28,
  llama3Small,
  llama3Large,
];

export function findModel(id: string): ZooModel | undefined {
  return zoo.find((model) => model.id === id);
}

export interface ZooFigures {
  readonly parameters: number;
  /** With blocks and repetitions counted out, without the ends. */
  readonly layers: number;
  /** Forward pass of one sample. */
  readonly flops: number;
}

/** Counted from the shapes; nothing is allocated. */
export function countModel(model: ZooModel): ZooFigures {
  const { parameters, layers, flops } = inferShapes(model.build(), null);
  return { parameters, layers, flops };
}
