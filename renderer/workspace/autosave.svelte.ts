/** Saves half a second after the last change, never two saves at once, and tries again after a failure. */
import { ProblemError, type Problem } from '../../core/problem.ts';

const quietMs = 500;
const retryMs = 3000;

export class Autosave {
  savedAt = $state(0);
  state = $state.raw<'saved' | 'changed' | 'saving' | 'failed'>('saved');
  problem = $state.raw<Problem | undefined>();
  #save: () => Promise<{ savedAt: number }>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #dirty = false;

  constructor(savedAt: number, save: () => Promise<{ savedAt: number }>) {
    this.savedAt = savedAt;
    this.#save = save;
  }

  get pending(): boolean {
    return this.#dirty || this.#running !== null;
  }

  changed(): void {
    this.#dirty = true;
    if (this.state !== 'failed') this.state = 'changed';
    this.#schedule(quietMs);
  }

  /** Saves now; resolves when everything changed so far is in the library. @throws ProblemError */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running !== null) await this.#running;
    if (this.#dirty) await this.#run();
    if (this.#dirty && this.problem !== undefined) throw new ProblemError(this.problem);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush().catch(() => undefined), delayMs);
  }

  #run(): Promise<void> {
    this.#dirty = false;
    if (this.state !== 'failed') this.state = 'saving';
    this.#running = this.#save()
      .then(({ savedAt }) => {
        this.savedAt = savedAt;
        this.problem = undefined;
        this.state = this.#dirty ? 'changed' : 'saved';
      })
      .catch((error: unknown) => {
        this.#dirty = true;
        this.problem = error instanceof ProblemError ? error.problem : { code: 'save.failed', message: String(error) };
        this.state = 'failed';
        this.#schedule(retryMs);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }
}
