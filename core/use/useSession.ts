/**
 * A trained network at work: everything that can be asked of it, on one engine. The program that was asked for last stays
 * loaded; another one takes its place when it is needed.
 */
import type { Engine } from '../engines/engine.ts';
import type { NodeId } from '../graph/document.ts';
import { elementCount } from '../ops/shapes.ts';
import { raise } from '../problem.ts';
import type { Forecast, ImageSheet, NodeAnswers, UseAbilities, UseAnswer, UseItem, UseRow } from './answers.ts';
import { anyClass, openDiffusion, type DiffusionOptions, type Sampler } from './denoise.ts';
import { describeAbilities } from './describe.ts';
import { openDrawer } from './draw.ts';
import { classifyNodes, forecastFrom, likeliest } from './forecast.ts';
import { createItemReader, predictItems } from './items.ts';
import { openPredictor, type Predictor } from './predict.ts';
import { readPrompt, translateText, writeTokens, type WritingOptions } from './text.ts';
import { toBytes, type Trained } from './trained.ts';
import { traceImage, type Trajectory } from './trajectory.ts';

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  readonly sampler?: Sampler;
  readonly steps?: number;
  /** A class name, or `each`. */
  readonly class?: string;
  readonly guidance?: number;
}

export interface UseProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: 'tokens' | 'steps';
  readonly text?: string;
  /** The images as they are now. */
  readonly images?: () => Promise<ImageSheet>;
}

/** Said between two stretches of work; what it throws ends the job. */
export type OnProgress = (progress: UseProgress) => Promise<void>;

export interface UseSession {
  readonly abilities: UseAbilities;
  rows(rows: readonly number[]): UseRow[];
  predict(items: readonly UseItem[]): Promise<UseAnswer[]>;
  generate(prompt: string, options: WritingOptions, onProgress: OnProgress): Promise<{ readonly prompt: string; readonly text: string }>;
  translate(text: string): Promise<{ readonly text: string; readonly probability: number }>;
  /** @param row default behind the end */
  forecast(row?: number): Promise<Forecast>;
  nodes(): Promise<NodeAnswers>;
  sample(options: SampleOptions, onProgress: OnProgress): Promise<ImageSheet>;
  /** The first image that `sample` draws, on its way there. */
  trajectory(options: Omit<SampleOptions, 'count'>, onProgress: OnProgress): Promise<Trajectory>;
  /**
   * What a layer says to images (images × units), and which class each is taken for.
   * @param layer its name; default the last hidden layer
   */
  features(
    images: ImageSheet,
    layer?: string,
  ): Promise<{ readonly layer: string; readonly units: number; readonly features: Float32Array; readonly predicted: Int32Array }>;
}

/** Images that are denoised at once: kernels are busy, and memory stays small. */
const sampleBatch = 32;
/** Items that go through the network at once where there are many. */
const itemBatch = 64;
const fewItems = 4;

export const defaultSteps = 50;

/** @param now monotonic milliseconds */
export function createUseSession(engine: Engine, trained: Trained, now: () => number): UseSession {
  const { config, data, dataSet } = trained;
  const reader = createItemReader(trained);
  const abilities = describeAbilities(trained, reader);
  let loaded: { readonly key: string; readonly what: unknown } | undefined;

  async function open<T>(key: string, load: () => Promise<T>): Promise<T> {
    if (loaded?.key !== key) {
      loaded = undefined;
      loaded = { key, what: await load() };
    }
    return loaded.what as T;
  }

  function predictorFor(count: number, layer?: NodeId): Promise<Predictor> {
    const batchSize = count <= fewItems ? 1 : itemBatch;
    return open(`predict ${batchSize} ${layer ?? ''}`, () =>
      openPredictor(engine, trained, { batchSize, ...(layer === undefined ? {} : { layer }) }),
    );
  }

  function check(ability: keyof typeof words): void {
    if (abilities[ability] === undefined) {
      raise({
        code: 'use.task',
        message: `A network trained for the task ${config.task.type} cannot ${words[ability]}.`,
        hint: `It can ${canDo(abilities)}.`,
      });
    }
  }

  /** What is asked of a diffusion, checked. */
  function readDiffusion(options: SampleOptions): { readonly asked: DiffusionOptions; readonly guided: boolean } {
    const { count, seed, sampler = 'ddim', steps = defaultSteps, guidance = 0 } = options;
    const { steps: total = 1, classNames } = abilities.sample!;
    if (sampler === 'ddim' && steps > total) {
      raise({ code: 'use.steps', message: `DDIM takes at most the ${total} noise steps of the training, got ${steps}.` });
    }
    const classes = classesOf(options, classNames, anyClass(trained));
    const asked = { count, seed, sampler, steps, guidance, ...(classes === undefined ? {} : { classes }) };
    return { asked, guided: guidance !== 0 && options.class !== undefined };
  }

  async function sampleDiffusion(
    options: SampleOptions,
    sheet: (values: Float32Array) => ImageSheet,
    onProgress: OnProgress,
  ): Promise<ImageSheet> {
    const { count } = options;
    const { asked, guided } = readDiffusion(options);
    const batchSize = Math.min(count, sampleBatch);
    const diffusion = await open(`denoise ${batchSize} ${guided}`, () => openDiffusion(engine, trained, { batchSize, guided }));
    const size = elementCount(data.target.rowShape);
    const values = new Float32Array(Math.ceil(count / batchSize) * batchSize * size);
    for await (const { done, total: all, from, values: current } of diffusion.sample(asked, now)) {
      const perBatch = all / Math.ceil(count / batchSize);
      if (done % perBatch === 0) values.set(await current(), from * size);
      await onProgress({
        done,
        total: all,
        unit: 'steps',
        images: async () => {
          if (done % perBatch !== 0) values.set(await current(), from * size);
          return sheet(values.subarray(0, Math.min(count, from + batchSize) * size));
        },
      });
    }
    return sheet(values.subarray(0, count * size));
  }

  return {
    abilities,
    rows: (rows) => rows.map(reader.row),
    async predict(items) {
      check('predict');
      return predictItems(await predictorFor(items.length), reader, items);
    },
    async generate(prompt, options, onProgress) {
      check('generate');
      const { alphabet } = abilities.generate!;
      const codes = readPrompt(prompt, alphabet);
      const predictor = await predictorFor(1);
      let text = '';
      let done = 0;
      for await (const code of writeTokens(predictor, trained, codes, options)) {
        text += alphabet[code] ?? '';
        await onProgress({ done: ++done, total: options.tokens, unit: 'tokens', text });
      }
      return { prompt: codes.map((code) => alphabet[code]).join(''), text };
    },
    async translate(text) {
      check('translate');
      return translateText(await predictorFor(1), trained, text);
    },
    async forecast(row = dataSet.info.rowCount) {
      check('forecast');
      return forecastFrom(await predictorFor(1), trained, row);
    },
    async nodes() {
      check('nodes');
      return classifyNodes(await predictorFor(1), trained);
    },
    async sample(options, onProgress) {
      check('sample');
      const { count, seed } = options;
      const shape = abilities.sample!.image ?? [1, 1, elementCount(data.target.rowShape)];
      const { affine } = data.inputs.find(({ role }) => role.name === 'image') ?? data.target;
      const size = elementCount(shape);
      const sheet = (values: Float32Array): ImageSheet => ({ shape, count: values.length / size, bytes: toBytes(values, affine) });
      if (config.task.type === 'diffusion') return sampleDiffusion(options, sheet, onProgress);
      const batchSize = Math.min(count, itemBatch);
      const drawer = await open(`draw ${batchSize}`, () => openDrawer(engine, trained, batchSize));
      const values = new Float32Array(Math.ceil(count / batchSize) * batchSize * size);
      for (let from = 0; from < count; from += batchSize) {
        values.set(await drawer.draw(seed, from), from * size);
        await onProgress({ done: Math.min(count, from + batchSize), total: count, unit: 'steps' });
      }
      return sheet(values.subarray(0, count * size));
    },
    async trajectory(options, onProgress) {
      check('sample');
      if (config.task.type !== 'diffusion') {
        raise({
          code: 'use.noDiffusion',
          message: `A network trained for the task ${config.task.type} draws in one pass; only a diffusion takes noise out step by step.`,
        });
      }
      const { asked, guided } = readDiffusion({ ...options, count: 1 });
      const diffusion = await open(`trace ${guided}`, () => openDiffusion(engine, trained, { batchSize: 1, guided, traced: true }));
      const shape = abilities.sample!.image ?? [1, 1, elementCount(data.target.rowShape)];
      return traceImage(diffusion, trained, asked, shape, (done, total) => onProgress({ done, total, unit: 'steps' }));
    },
    async features({ bytes, count, shape }, layerName) {
      if (config.task.type !== 'classification' || reader.image === undefined || !reader.typed) {
        raise({
          code: 'use.noImageClassifier',
          message: 'Images are compared through a network that classifies images; this run is none.',
        });
      }
      if (shape.join() !== reader.image.join()) {
        raise({
          code: 'use.image',
          message: `The classifier reads images of ${reader.image.join(' × ')}, got images of ${shape.join(' × ')}.`,
          hint: 'Compare through a classifier trained on images of the same size.',
        });
      }
      const layer = findFeatureLayer(trained, layerName);
      const predictor = await predictorFor(count, layer.id);
      const size = elementCount(shape);
      const items = Array.from({ length: count }, (_, i) => reader.encode({ image: bytes.subarray(i * size, (i + 1) * size) }));
      const { values, features } = await predictor.predict(items);
      const { units } = predictor;
      const predicted = Int32Array.from({ length: count }, (_, i) => likeliest(values.subarray(i * units, (i + 1) * units)));
      return { layer: layer.name, units: predictor.featureUnits, features, predicted };
    },
  };
}

/** A code per image; undefined where the network knows no classes. */
function classesOf({ class: asked, count }: SampleOptions, classNames: readonly string[] | undefined, any: number): Int32Array | undefined {
  if (classNames === undefined) {
    if (asked === undefined) return undefined;
    return raise({
      code: 'use.noClasses',
      message: `The network was trained without classes: it cannot be asked for "${asked}".`,
      hint: 'Leave the class out, or train with task.classes=true.',
    });
  }
  if (asked === undefined) return new Int32Array(count).fill(any);
  if (asked === 'each') return Int32Array.from({ length: count }, (_, i) => i % classNames.length);
  const code = classNames.indexOf(asked);
  if (code >= 0) return new Int32Array(count).fill(code);
  return raise({
    code: 'use.class',
    message: `The network knows no class "${asked}".`,
    hint: `It knows ${classNames.join(', ')}; each takes all in turn.`,
  });
}

/** The named layer, or the one whose numbers go into the last layer with weights: LeNet-5's 84. */
function findFeatureLayer({ network }: Trained, name: string | undefined): { readonly id: NodeId; readonly name: string } {
  const hidden = network.nodes.filter(({ node: { type } }) => type !== 'input' && type !== 'output');
  if (name !== undefined) {
    const found = hidden.find(({ node }) => node.name === name || node.id === name);
    if (found !== undefined) return found.node;
    raise({
      code: 'use.layer',
      message: `The classifier has no layer "${name}".`,
      hint: `It has ${hidden.map(({ node }) => node.name).join(', ')}.`,
    });
  }
  const last = network.nodes.findLast(({ parameters }) => parameters.length > 0);
  const before = network.nodes.find(({ node }) => node.id === last?.inputs[0]);
  if (before === undefined) return raise({ code: 'use.layer', message: 'The classifier has no hidden layer.' });
  return before.node;
}

const words = {
  predict: 'predict single items',
  generate: 'continue a text',
  translate: 'write a text for another',
  forecast: 'forecast its series',
  nodes: 'classify the nodes of its graph',
  sample: 'draw images',
} as const;

function canDo(abilities: UseAbilities): string {
  const found = (Object.keys(words) as (keyof typeof words)[]).filter((ability) => abilities[ability] !== undefined);
  return found.map((ability) => words[ability]).join(' and ');
}
