/** What the zoo says of a reference architecture besides drawing it. */
import type { NetworkDocument } from '../graph/document.ts';

export type ZooFamily = 'image' | 'text' | 'sequence' | 'graph' | 'generative' | 'table';

export interface ZooModel {
  /** On the command line: `resnet-50`. */
  readonly id: string;
  readonly title: string;
  readonly family: ZooFamily;
  readonly year: number;
  /** One sentence: what it is known for. */
  readonly summary: string;
  /** Authors, year, title. */
  readonly paper: string;
  /** The parameter count as it was made public, rounded as there; absent where none was. */
  readonly published?: { readonly parameters: number; readonly source: string };
  /** How this drawing differs from the original, where it does. */
  readonly note?: string;
  readonly build: () => NetworkDocument;
}

export function defineModel(model: ZooModel): ZooModel {
  return model;
}
