/** The time machine that is open: what it looks at, where it stands, the numbers it has read, and the one that is chosen. */
import { SvelteMap } from 'svelte/reactivity';
import type { Composition, Derivation, Edit, ExplainState, ExplainView, RunId, Trainable } from '../../../electron/contract/calls.ts';
import type { Parameter, TensorRef } from '../../../core/explain/stages.ts';
import type { Problem } from '../../../core/problem.ts';
import { call } from '../../client.ts';
import { problemOf } from '../../problemOf.ts';
import { showError } from '../../workspace/notices.svelte.ts';
import { betweenFrames } from './betweenFrames.ts';
import { momentsOf, type Moment } from './moments.ts';

export type Source = { readonly run: RunId } | Trainable;
export type Numbers = Float32Array | Int32Array;

/** One number of a value. */
export interface Choice {
  readonly value: number;
  readonly element: number;
}

/** What is known about the chosen number. */
export interface Explained extends Choice {
  readonly composition: Composition;
  /** Absent where no gradient flows. */
  readonly derivation?: Derivation;
  /** Of a weight: how it is computed anew. */
  readonly updated?: Composition;
}

/** Moments per second. */
export const speeds = [0.5, 1, 2, 4] as const;

/** Numbers of one answer, and of one value that is shown at all. */
export const mostNumbers = 1_000_000;
/** Numbers that are read before anybody asks for them. */
const mostAhead = 300_000;

export class TimeMachine {
  view = $state.raw<ExplainView | null>(null);
  state = $state.raw<ExplainState | null>(null);
  problem = $state.raw<Problem | null>(null);
  opening = $state(false);
  /** An answer of the machine is under way. */
  busy = $state(false);
  /** What was changed by hand in each of the steps taken before this one. */
  earlier = $state.raw<readonly (readonly Edit[])[]>([]);
  position = $state(0);
  playing = $state(false);
  speed = $state<number>(1);
  choice = $state.raw<Choice | null>(null);
  explained = $state.raw<Explained | null>(null);
  /** Read numbers by value; forgotten when they change. */
  readonly #numbers = new SvelteMap<number, Numbers>();
  #asked = new Set<number>();
  #wanted = new Set<number>();
  #generation = 0;
  /** The change of the machine that is under way, or was last. */
  #running: Promise<unknown> = Promise.resolve();
  /** The moment that is gone to. */
  #under: { readonly to: number; readonly stop: () => void } | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ahead: ReturnType<typeof setTimeout> | undefined;

  moments: readonly Moment[] = $derived(this.view === null ? [] : momentsOf(this.view.stages));
  moment: Moment | undefined = $derived(this.moments[this.position]);
  edits: readonly Edit[] = $derived(this.state?.edits ?? []);
  names = $derived(new Map(this.view?.names ?? []));
  /** Every value that is shown anywhere, by id. */
  refs: ReadonlyMap<number, TensorRef> = $derived.by(() => {
    const found = new Map<number, TensorRef>();
    for (const stage of this.view?.stages ?? []) {
      if (stage.phase === 'forward')
        for (const ref of [...stage.inputs, ...stage.weights, ...stage.inside, stage.output]) found.set(ref.id, ref);
      if (stage.phase === 'loss')
        for (const ref of [stage.prediction, stage.readable, stage.target, stage.sampleLoss, stage.loss]) found.set(ref.id, ref);
    }
    return found;
  });

  /** How many numbers each value holds, gradients and updates among them. */
  #sizes: ReadonlyMap<number, number> = $derived.by(() => {
    const sizes = new Map<number, number>();
    const add = (shape: readonly number[], ...ids: readonly (number | undefined)[]) => {
      const size = shape.reduce((all, own) => all * own, 1);
      for (const id of ids) if (id !== undefined) sizes.set(id, size);
    };
    for (const { id, gradient, shape } of this.refs.values()) add(shape, id, gradient);
    for (const { shape, value, gradient, clipped, after, states } of this.view?.parameters ?? []) {
      add(shape, value, gradient, clipped, after, ...states.flatMap((state) => [state.before, state.after]));
    }
    return sizes;
  });

  /** @param stays at the moment it stands at, as far as there is one: what is opened is the same, edited */
  async open(of: Source, rows: readonly number[], stays = false): Promise<void> {
    let generation = ++this.#generation;
    this.pause();
    if (!stays) this.#comeBack();
    this.opening = true;
    this.problem = null;
    try {
      const view = await call('explain.open', { of, rows });
      if (generation !== this.#generation) return;
      this.#forget();
      generation = this.#generation;
      this.choice = null;
      this.explained = null;
      this.view = view;
      this.state = view;
      this.earlier = [];
      this.#stand(stays ? this.target : 0);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.view = null;
      this.state = null;
      this.problem = problemOf(error);
    } finally {
      if (generation === this.#generation) this.opening = false;
    }
  }

  /** The numbers of a value, once they are read; asks for them otherwise. None where there are too many to show. */
  numbers(id: number | undefined): Numbers | undefined {
    if (id === undefined) return undefined;
    const known = this.#numbers.get(id);
    if (known !== undefined || this.#asked.has(id)) return known;
    if (this.#wanted.size === 0) queueMicrotask(() => this.#readWanted());
    this.#wanted.add(id);
    return undefined;
  }

  /** In answers that each fit one message. */
  #readWanted(): void {
    let stretch: number[] = [];
    let room = mostNumbers;
    for (const id of this.#wanted) {
      const size = this.#sizes.get(id) ?? 0;
      if (size > mostNumbers) continue;
      if (size > room) {
        void this.#read(stretch);
        [stretch, room] = [[], mostNumbers];
      }
      stretch.push(id);
      room -= size;
    }
    this.#wanted.clear();
    void this.#read(stretch);
  }

  /** The numbers of many small values at once, such as those of all steps of time. */
  numbersOf(ids: readonly number[]): readonly (Numbers | undefined)[] {
    if (ids.some((id) => !this.#numbers.has(id))) queueMicrotask(() => void this.#read(ids));
    return ids.map((id) => this.#numbers.get(id));
  }

  async #read(ids: readonly number[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#numbers.has(id) && !this.#asked.has(id));
    const { view } = this;
    if (missing.length === 0 || view === null) return;
    const generation = this.#generation;
    missing.forEach((id) => this.#asked.add(id));
    try {
      const arrays = await call('explain.read', { machine: view.machine, values: missing });
      if (generation !== this.#generation) return;
      missing.forEach((id, i) => this.#numbers.set(id, arrays[i]!));
    } catch (error) {
      if (generation === this.#generation) this.problem = problemOf(error);
    }
  }

  #forget(): void {
    this.#generation++;
    this.#numbers.clear();
    this.#asked = new Set();
    this.#wanted.clear();
  }

  /** Goes to a moment: within two frames it is drawn. */
  go(position: number): void {
    this.#comeBack();
    const to = this.#within(position);
    this.#under = { to, stop: betweenFrames(() => this.#stand(to)) };
  }

  /** The moment that is gone to, or else stood at. */
  get target(): number {
    return this.#under?.to ?? this.position;
  }

  #comeBack(): void {
    this.#under?.stop();
    this.#under = undefined;
  }

  #within(position: number): number {
    return Math.min(Math.max(0, position), Math.max(0, this.moments.length - 1));
  }

  #stand(position: number): void {
    this.#comeBack();
    this.position = this.#within(position);
    clearTimeout(this.#ahead);
    this.#ahead = setTimeout(() => this.#readAhead(), 30);
  }

  /** What the next moment shows is there when it comes. */
  #readAhead(): void {
    const next = this.moments[this.position + 1];
    const stage = next === undefined ? undefined : this.view?.stages[next.stage];
    if (next === undefined) return;
    const { parameter } = next;
    const updated = parameter && [
      parameter.value,
      parameter.gradient,
      parameter.after,
      ...parameter.states.flatMap(({ before, after }) => [before, after]),
    ];
    const around = stage?.phase === 'forward' || stage?.phase === 'backward' ? [...stage.inputs, ...stage.weights, stage.output] : [];
    const wanted = [
      ...next.shown.map(({ ref, as }) => (as === 'value' ? ref.id : ref.gradient!)),
      ...around.map(({ id }) => id),
      ...(stage?.phase === 'backward' && stage.slope !== undefined ? [stage.slope.id] : []),
      ...(updated ?? []),
    ];
    let room = mostAhead;
    void this.#read(wanted.filter((id) => (room -= this.#sizes.get(id) ?? 0) > 0));
  }

  /** Behind the update the next step begins: the new weights are the weights. */
  async forward(): Promise<void> {
    if (this.target < this.moments.length - 1) return this.go(this.target + 1);
    await this.advance();
  }

  async backward(): Promise<void> {
    if (this.target > 0) return this.go(this.target - 1);
    if ((this.state?.taken ?? 0) === 0) return;
    if (!(await this.#change(() => call('explain.back', { machine: this.view!.machine })))) return;
    this.earlier = this.earlier.slice(0, -1);
    this.#stand(this.moments.length - 1);
  }

  async advance(): Promise<void> {
    const { edits } = this;
    if (!(await this.#change(() => call('explain.advance', { machine: this.view!.machine })))) return;
    this.earlier = [...this.earlier, edits];
    this.#stand(0);
  }

  /** Waits for what is under way: a change by hand is never dropped. @param next the edits, of those that stand then */
  async change(next: (edits: readonly Edit[]) => readonly Edit[]): Promise<void> {
    while (this.busy) await this.#running;
    await this.#change(() => call('explain.change', { machine: this.view!.machine, edits: next(this.edits) }));
  }

  /** One number by hand; what was set there before is replaced. */
  async set({ value, element }: Choice, to: number): Promise<void> {
    const isOther = (edit: Edit): boolean => edit.value !== value || !('element' in edit.at) || edit.at.element !== element;
    await this.change((edits) => [...edits.filter(isOther), { value, at: { element }, to }]);
  }

  /** A step that is asked for while another is under way is dropped, as when a key is held down. @returns whether it was changed */
  #change(ask: () => Promise<ExplainState>): Promise<boolean> {
    if (this.view === null || this.busy) return Promise.resolve(false);
    this.busy = true;
    return (this.#running = this.#perform(ask));
  }

  async #perform(ask: () => Promise<ExplainState>): Promise<boolean> {
    try {
      const state = await ask();
      this.#forget();
      this.state = state;
      if (this.choice !== null) await this.choose(this.choice);
      return true;
    } catch (error) {
      this.pause();
      showError(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async choose(choice: Choice | null): Promise<void> {
    this.choice = choice;
    if (choice === null || this.view === null) {
      this.explained = null;
      return;
    }
    const { machine } = this.view;
    const generation = this.#generation;
    try {
      const flows = this.names.has(choice.value) && this.refs.get(choice.value)?.gradient !== undefined;
      const after = this.parameterOf(choice.value)?.after;
      const [composition, derivation, updated] = await Promise.all([
        call('explain.compose', { machine, request: choice }),
        flows ? call('explain.derive', { machine, request: choice }) : undefined,
        after === undefined ? undefined : call('explain.compose', { machine, request: { value: after, element: choice.element } }),
      ]);
      if (generation !== this.#generation || this.choice !== choice) return;
      this.explained = { ...choice, composition, ...(derivation && { derivation }), ...(updated && { updated }) };
    } catch (error) {
      showError(error);
    }
  }

  /** The parameter a value is. */
  parameterOf(value: number): Parameter | undefined {
    return this.view?.parameters.find((parameter) => parameter.value === value);
  }

  play(): void {
    if (this.view === null || this.playing) return;
    this.playing = true;
    this.#timer = setInterval(() => {
      if (!this.busy) void this.forward();
    }, 1000 / this.speed);
  }

  pause(): void {
    clearInterval(this.#timer);
    this.playing = false;
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (!this.playing) return;
    this.pause();
    this.play();
  }

  close(): void {
    this.pause();
    this.#comeBack();
    clearTimeout(this.#ahead);
    this.#generation++;
    if (this.view !== null) void call('explain.close', { machine: this.view.machine }).catch(() => undefined);
    this.view = null;
  }
}
