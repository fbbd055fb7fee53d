/** The landscape's page: what is set, the race that the worker ran, and the step that is shown of it. */
import type { Landscape } from '../../../core/learn/landscape.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import type { LandscapeAnswer, LandscapeRequest } from './landscapeLoop.ts';
import { racersOf, raceData, raceSetting, readLandscape, type LandscapeSettings, type Racer } from './landscapeSettings.ts';
import { landscapeText } from './landscapeText.ts';

const key = 'learn.landscape';
/** A slider sends many values; the race begins when it rests. */
const restMs = 200;

export interface Progress {
  readonly phase: 'race' | 'grid';
  readonly done: number;
  readonly total: number;
}

export class LandscapePage {
  settings = $state.raw<LandscapeSettings>(readLandscape(preferences.recall(key, {})));
  /** The race that is shown, with the racers as they were asked for. */
  shown = $state.raw<{ readonly landscape: Landscape; readonly racers: readonly Racer[]; readonly steps: number } | null>(null);
  progress = $state.raw<Progress | null>(null);
  problem = $state.raw<string | undefined>();
  step = $state.raw(0);
  playing = $state.raw(false);
  /** Steps a second. */
  speed = $state.raw(30);
  #worker: Worker | undefined;
  #id = 0;
  #asked: { racers: readonly Racer[]; steps: number } = { racers: [], steps: 0 };
  #rest: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  start(): () => void {
    this.#worker = new Worker(new URL('./landscapeWorker.ts', import.meta.url), { type: 'module', name: 'loss landscape' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<LandscapeAnswer>) => this.#receive(data));
    this.#worker.addEventListener('error', (event) => (this.problem = landscapeText.failed(event.message)));
    this.#ask();
    return () => {
      clearTimeout(this.#rest);
      this.pause();
      this.#worker?.terminate();
    };
  }

  get steps(): number {
    return this.shown?.steps ?? 0;
  }

  change(part: Partial<LandscapeSettings>): void {
    const next = readLandscape({ ...this.settings, ...part });
    if (JSON.stringify(next) === JSON.stringify(this.settings)) return;
    this.settings = next;
    preferences.remember(key, next);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#ask(), restMs);
  }

  /** From the start again where the end was reached. */
  play(): void {
    if (this.shown === null || this.playing) return;
    if (this.step >= this.steps) this.step = 0;
    this.playing = true;
    let before = performance.now();
    let due = 0;
    const advance = (now: number): void => {
      if (!this.playing) return;
      due += ((now - before) / 1000) * this.speed;
      before = now;
      const whole = Math.floor(due);
      due -= whole;
      if (whole > 0) this.step = Math.min(this.steps, this.step + whole);
      if (this.step >= this.steps) this.playing = false;
      else this.#frame = requestAnimationFrame(advance);
    };
    this.#frame = requestAnimationFrame(advance);
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }

  go(step: number): void {
    this.pause();
    this.step = Math.min(this.steps, Math.max(0, step));
  }

  #ask(): void {
    const { settings } = this;
    this.problem = undefined;
    this.#asked = { racers: racersOf(settings), steps: settings.steps };
    const request: LandscapeRequest = {
      id: ++this.#id,
      setting: raceSetting(settings),
      data: raceData(settings),
      optimizers: this.#asked.racers.map(({ optimizer }) => optimizer),
      plane: settings.plane,
    };
    this.progress = { phase: 'race', done: 0, total: 1 };
    this.#worker?.postMessage(request);
  }

  #receive(answer: LandscapeAnswer): void {
    if (answer.id !== this.#id) return;
    if (answer.kind === 'progress') {
      this.progress = answer;
      return;
    }
    this.progress = null;
    if (answer.kind === 'failed') this.problem = landscapeText.failed(answer.message);
    else {
      this.pause();
      this.shown = { landscape: answer.landscape, ...this.#asked };
      this.step = this.#asked.steps;
    }
  }
}
