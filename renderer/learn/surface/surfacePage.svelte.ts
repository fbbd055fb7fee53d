/** The decision surface's page: what is set, what the worker last sent, and what is asked of it. */
import { tick } from 'svelte';
import type { DataSetInfo } from '../../../core/data/dataSet.ts';
import {
  countBeyond,
  fewestDrawn,
  generatePlane,
  planeOfPoints,
  planeOfTable,
  type DrawnPoint,
  type PlaneData,
  type ScaledPlane,
} from '../../../core/learn/planeData.ts';
import { outputUnits } from '../../../core/learn/planeNetwork.ts';
import { call } from '../../client.ts';
import { problemOf } from '../../problemOf.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import { edgeExists, weightAt, type Edge } from './networkLayout.ts';
import { choiceFor, isUsable, stretches, tableFrom } from './ownData.ts';
import type { Pace, SurfaceAnswer, SurfaceFrame, SurfaceRequest } from './surfaceLoop.ts';
import { changeOf, planeSettings, readSurface, type SurfaceSettings } from './surfaceSettings.ts';
import { surfaceText } from './surfaceText.ts';
import { LossHistory } from './lossHistory.ts';

const key = 'learn.surface';
const seedsTo = 1_000_000;

export interface Look {
  readonly layer: number;
  readonly unit: number | 'all';
}

export class SurfacePage {
  settings = $state.raw<SurfaceSettings>(readSurface(preferences.recall(key, {})));
  frame = $state.raw<SurfaceFrame | null>(null);
  data = $state.raw<PlaneData | null>(null);
  /** Of the library: what the columns were before they were scaled. */
  scales = $state.raw<ScaledPlane['scales'] | null>(null);
  tables = $state.raw<readonly DataSetInfo[] | null>(null);
  /** What the rows are a sample of. */
  note = $state.raw('');
  problem = $state.raw<string | undefined>();
  edge = $state.raw<Edge | null>(null);
  history = new LossHistory();
  curve = $state.raw(this.history.lines());
  /** Units by layer: the inputs, the hidden layers, the output. */
  counts: readonly number[] = $derived([
    this.settings.inputs.length,
    ...this.settings.hidden,
    outputUnits(this.data === null ? 2 : this.data.classes.length),
  ]);
  #worker: Worker | undefined;
  #id = 0;
  #loading = 0;
  /** The unit under the pointer, else the one with the focus, is drawn large; else the output. */
  #looks: Record<'pointer' | 'focus', Look | null> = { pointer: null, focus: null };

  start(): () => void {
    this.#worker = new Worker(new URL('./surfaceWorker.ts', import.meta.url), { type: 'module', name: 'decision surface' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<SurfaceAnswer>) => this.#receive(data));
    this.#worker.addEventListener('error', (event) => (this.problem = surfaceText.failed(event.message)));
    void this.#loadData();
    return () => {
      this.#worker?.terminate();
      this.#worker = undefined;
    };
  }

  get playing(): boolean {
    return this.frame?.playing ?? false;
  }

  get info(): DataSetInfo | undefined {
    return this.tables?.find(({ id }) => id === this.settings.own.dataSet);
  }

  change(part: Partial<SurfaceSettings>): void {
    const before = this.settings;
    this.settings = readSurface({ ...before, ...part });
    preferences.remember(key, this.settings);
    const change = changeOf(before, this.settings);
    if (change === 'data') void this.#loadData();
    else if (change === 'points') this.#openDrawn(true);
    else if (change === 'restart') this.#open(false);
    else if (change === 'rebuild') this.#open(true);
    else if (change === 'rates' && this.data !== null) this.#send({ kind: 'rates', settings: this.#planeSettings(this.data) });
  }

  play(pace: Pace): void {
    this.#send({ kind: 'play', pace });
  }

  pause(): void {
    this.#send({ kind: 'pause' });
  }

  step(unit: 'batch' | 'epoch'): void {
    this.#send({ kind: 'step', unit });
  }

  reset(): void {
    if (this.settings.source === 'drawn') this.#openDrawn(false);
    else this.#open(false);
  }

  newSeed(): void {
    this.change({ seed: Math.floor(Math.random() * seedsTo) });
  }

  look(by: 'pointer' | 'focus', look: Look | null): void {
    this.#looks[by] = look;
    this.#send({ kind: 'look', ...(this.#looks.pointer ?? this.#looks.focus ?? this.#output()) });
  }

  chooseEdge(edge: Edge | null): void {
    this.edge = edge;
  }

  /** The chosen weight as the last frame has it. */
  weight(edge: Edge): number | undefined {
    const { parameter, index } = weightAt(edge, this.counts);
    return this.frame?.weights[parameter]?.[index];
  }

  setWeight(edge: Edge, value: number): void {
    this.#send({ kind: 'weight', ...weightAt(edge, this.counts), value });
  }

  async chooseTable(id: string): Promise<void> {
    const info = this.tables?.find((table) => table.id === id);
    if (info !== undefined) this.change({ source: 'own', own: choiceFor(info, { ...this.settings.own, target: '' }) });
  }

  #output(): Look {
    return { layer: this.counts.length - 1, unit: 'all' };
  }

  #send(request: SurfaceRequest): void {
    this.#worker?.postMessage(request);
  }

  #planeSettings(data: PlaneData) {
    return planeSettings(this.settings, data.classes.length);
  }

  #open(keep: boolean): void {
    const { data } = this;
    if (data === null) return;
    if (!keep) {
      this.history = new LossHistory();
      this.#looks = { pointer: null, focus: null };
      if (this.edge !== null && !edgeExists(this.edge, this.counts)) this.edge = null;
      this.#send({ kind: 'look', ...this.#output() });
    }
    this.#send({ kind: 'open', id: ++this.#id, settings: this.#planeSettings(data), data, keep });
  }

  /** The stroke under the pointer is seen at once; training takes it in when it ends. */
  preview(stroke: readonly DrawnPoint[]): void {
    const { drawn, testShare, seed } = this.settings;
    this.data = planeOfPoints([...drawn, ...stroke], testShare, seed);
  }

  /** @param keep the network goes on with the weights it has */
  #openDrawn(keep: boolean): void {
    this.preview([]);
    if (this.settings.drawn.length >= fewestDrawn) return this.#open(keep && this.frame?.diverged === false);
    // Too few to train on: frames on their way belong to points that are gone.
    this.pause();
    this.#id++;
    this.frame = null;
    this.history = new LossHistory();
    this.curve = this.history.lines();
  }

  async #loadData(): Promise<void> {
    const loading = ++this.#loading;
    this.problem = undefined;
    const { settings } = this;
    if (settings.source === 'drawn') {
      this.scales = null;
      this.note = '';
      return this.#openDrawn(false);
    }
    if (settings.source === 'generated') {
      this.scales = null;
      this.note = '';
      this.data = generatePlane(settings);
      return this.#open(false);
    }
    try {
      this.tables ??= (await call('data.list', {})).filter(isUsable);
      const info = this.info ?? this.tables[0];
      if (info === undefined) {
        this.data ??= generatePlane(settings);
        return this.#open(false);
      }
      const choice = choiceFor(info, settings.own);
      this.settings = { ...settings, own: choice };
      preferences.remember(key, this.settings);
      const pages = [];
      for (const page of stretches(info.rowCount)) pages.push(await call('data.preview', { id: info.id, ...page }));
      if (loading !== this.#loading) return;
      const table = tableFrom(pages, choice);
      if (table.targets.length < 10) {
        this.problem = surfaceText.tooFew;
        return;
      }
      const { data, scales } = planeOfTable(table, settings.testShare, settings.seed);
      this.scales = scales;
      this.note = surfaceText.sample(table.targets.length, info.rowCount, table.incomplete, table.classes.length, countBeyond(data));
      this.data = data;
      this.#open(false);
    } catch (error) {
      if (loading === this.#loading) this.problem = problemOf(error).message;
    }
  }

  #receive(answer: SurfaceAnswer): void {
    if (answer.kind === 'failed') {
      this.problem = surfaceText.failed(answer.message);
      return;
    }
    requestAnimationFrame(() => {
      // Frames of a network that is no longer there are dropped, but their place is free again.
      if (answer.id === this.#id) this.#show(answer);
      void tick().then(() => this.#send({ kind: 'drawn' }));
    });
  }

  #show(frame: SurfaceFrame): void {
    this.frame = frame;
    if (this.history.add(frame) || !frame.playing) this.curve = this.history.lines();
  }
}
