/** The tour: whether it is on, which caption it shows, whether it goes on by itself. It outlives the page it is asked for from. */
import type { TimeMachine } from '../machine.svelte.ts';
import type { Caption, Quote } from './captions.ts';

/** About ten captions make a minute. */
const captionMs = 6000;

class Tour {
  /** It is on, or waits for the machine to open. */
  open = $state(false);
  at = $state(0);
  playing = $state(false);
  /** The number that the caption talks of: it is marked on the page. */
  quote = $state.raw<Quote | undefined>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Goes on by itself, except where motion is not wanted. */
  start(): void {
    this.at = 0;
    this.open = true;
    this.playing = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  show(machine: TimeMachine, captions: readonly Caption[], at: number): void {
    this.at = Math.min(Math.max(0, at), Math.max(0, captions.length - 1));
    machine.pause();
    const caption = captions[this.at];
    if (caption !== undefined) machine.go(caption.at);
    if (this.at === captions.length - 1) this.playing = false;
  }

  /** To be called while it plays; ends with what it gives back. */
  run(next: () => void): () => void {
    clearInterval(this.#timer);
    this.#timer = setInterval(next, captionMs);
    return () => clearInterval(this.#timer);
  }

  leave(): void {
    clearInterval(this.#timer);
    this.open = false;
    this.quote = undefined;
    this.playing = false;
  }
}

export const tour = new Tour();
