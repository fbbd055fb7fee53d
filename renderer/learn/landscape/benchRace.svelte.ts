/** Races of the bench on two features, in a worker of the page. */
import type { LandscapeAnswer, LandscapeRequest } from './landscapeLoop.ts';
import { benchSide, planeRace, raceData, racersOf, type LandscapeSettings, type Racer } from './landscapeSettings.ts';
import { landscapeText } from './landscapeText.ts';
import { RaceState } from './raceState.svelte.ts';

export class BenchRace extends RaceState {
  #worker: Worker | undefined;
  #asked: { readonly key: string; readonly racers: readonly Racer[] } = { key: '', racers: [] };

  follow(settings: LandscapeSettings): void {
    const racers = racersOf(settings.mode, settings);
    const { steps, plane } = settings;
    const ask = {
      race: planeRace(settings),
      data: raceData(settings),
      request: { optimizers: racers.map(({ optimizer }) => optimizer), steps, plane, side: benchSide },
    };
    const key = JSON.stringify([ask.race, settings.shape, ask.request.optimizers, steps]);
    this.rest(`${key} ${plane}`, () => {
      this.problem = null;
      this.progress = { phase: 'race', done: 0, total: 1 };
      this.#asked = { key, racers };
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id: ++this.number, ...ask } satisfies LandscapeRequest);
    });
  }

  /** The page is left: what was computed stays. */
  stop(): void {
    if (this.progress !== null) this.forget();
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./landscapeWorker.ts', import.meta.url), { type: 'module', name: 'loss landscape' });
    worker.addEventListener('message', ({ data }: MessageEvent<LandscapeAnswer>) => this.#receive(data));
    worker.addEventListener('error', ({ message }) => this.#fail(message));
    return worker;
  }

  #receive(answer: LandscapeAnswer): void {
    if (answer.id !== this.number) return;
    if (answer.kind === 'failed') return this.#fail(answer.message);
    if (answer.kind === 'progress') {
      this.progress = answer;
      return;
    }
    this.progress = null;
    this.shown = { ...this.#asked, landscape: answer.landscape };
  }

  #fail(message: string): void {
    this.forget();
    this.problem = { code: 'race.failed', message: landscapeText.failed(message) };
  }
}
