/** The landscape's page: what is set, the race that is shown, and the step of it. It stays as it is while another page is open. */
import { untrack } from 'svelte';
import type { OptimizerName } from '../../../core/optimizers/index.ts';
import { trainable } from '../../engines/trials.svelte.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import { workspace } from '../../workspace/workspace.svelte.ts';
import { BenchRace } from './benchRace.svelte.ts';
import { choicesFor, racersOf, readLandscape, type Choices, type LandscapeSettings } from './landscapeSettings.ts';
import { NetworkRace } from './networkRace.svelte.ts';

const key = 'learn.landscape';

export class LandscapePage {
  settings = $state.raw<LandscapeSettings>(readLandscape(preferences.recall(key, {})));
  readonly bench = new BenchRace();
  readonly network = new NetworkRace();
  readonly isOpen = $derived(this.settings.source === 'open');
  readonly race = $derived(this.isOpen ? this.network : this.bench);
  readonly shown = $derived(this.race.shown);
  /** The optimizer that the open network is trained with. */
  readonly #trained = $derived(this.isOpen ? workspace.document?.config?.optimizer : undefined);
  readonly choices: Choices = $derived(
    this.#trained === undefined ? this.settings : choicesFor(this.settings.open[workspace.document?.id ?? ''], this.#trained),
  );
  /** Where it was left, of which race; any other race is shown at its end. */
  #left = $state.raw<{ readonly race: unknown; readonly point: number } | null>(null);
  readonly points = $derived((this.shown?.landscape.racers[0]?.losses.length ?? 1) - 1);
  readonly every = $derived(this.shown?.landscape.every ?? 1);
  /** Counted in points of the paths, each `every` steps after the one before. */
  readonly point = $derived(
    this.#left !== null && this.#left.race === this.shown?.key ? Math.min(this.#left.point, this.points) : this.points,
  );
  playing = $state.raw(false);
  /** Points a second. */
  speed = $state.raw(30);
  #frame = 0;

  /** Races what is set; to be called when it changed. */
  follow(): void {
    const { settings } = this;
    if (!this.isOpen) return untrack(() => this.bench.follow(settings));
    const open = workspace.document;
    const trained = open === null ? undefined : trainable(open);
    // While the data is being looked at, what was raced stays.
    if (open?.checking === true) return;
    const { plane, side, openSteps: steps } = settings;
    const racers = racersOf(settings.mode, this.choices, this.#trained);
    const ask = open !== null && trained !== undefined ? { id: open.id, trained, racers, request: { plane, side, steps } } : undefined;
    untrack(() => this.network.follow(ask));
  }

  /** The page is left. The open network's race goes on. */
  stop(): void {
    this.pause();
    this.bench.stop();
  }

  change(part: Partial<LandscapeSettings>): void {
    const next = readLandscape({ ...this.settings, ...part });
    if (JSON.stringify(next) === JSON.stringify(this.settings)) return;
    this.settings = next;
    preferences.remember(key, next);
  }

  /** Who races: on the bench, or with the network that is open. */
  choose(part: Partial<Choices>): void {
    const id = workspace.document?.id;
    if (!this.isOpen || id === undefined) return this.change(part);
    const { [id]: own, ...others } = this.settings.open;
    this.change({ open: { ...others, [id]: { ...own, ...part } } });
  }

  setRate(name: OptimizerName, rate: number): void {
    const id = workspace.document?.id ?? '';
    // Of a network, only what was set here: the rest follows its training.
    const known = this.isOpen ? this.settings.open[id]?.rates : this.settings.rates;
    this.choose({ rates: { ...known, [name]: rate } as Choices['rates'] });
  }

  /** From the start again where the end was reached. */
  play(): void {
    if (this.shown === null || this.playing) return;
    if (this.point >= this.points) this.#show(0);
    this.playing = true;
    let before = performance.now();
    let due = 0;
    const advance = (now: number): void => {
      if (!this.playing) return;
      due += ((now - before) / 1000) * this.speed;
      before = now;
      const whole = Math.floor(due);
      due -= whole;
      if (whole > 0) this.#show(Math.min(this.points, this.point + whole));
      if (this.point >= this.points) this.playing = false;
      else this.#frame = requestAnimationFrame(advance);
    };
    this.#frame = requestAnimationFrame(advance);
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }

  go(point: number): void {
    this.pause();
    this.#show(Math.min(this.points, Math.max(0, point)));
  }

  #show(point: number): void {
    this.#left = { race: this.shown?.key, point };
  }
}

export const landscapePage = new LandscapePage();
