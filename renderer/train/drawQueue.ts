/**
 * Drawing a chart takes a few milliseconds; two in one frame would be felt. Drawings wait here and one is done per
 * frame; a newer drawing of the same chart replaces the one that waits.
 */

export class DrawQueue<Key> {
  #waiting = new Map<Key, () => void>();
  #asked = false;
  #nextFrame: (draw: () => void) => void;

  constructor(nextFrame: (draw: () => void) => void) {
    this.#nextFrame = nextFrame;
  }

  /** Draws in one of the next frames. */
  put(key: Key, draw: () => void): void {
    this.#waiting.set(key, draw);
    this.#ask();
  }

  drop(key: Key): void {
    this.#waiting.delete(key);
  }

  #ask(): void {
    if (this.#asked || this.#waiting.size === 0) return;
    this.#asked = true;
    this.#nextFrame(() => {
      this.#asked = false;
      const next = this.#waiting.entries().next().value;
      if (next === undefined) return;
      this.#waiting.delete(next[0]);
      try {
        next[1]();
      } finally {
        this.#ask();
      }
    });
  }
}
