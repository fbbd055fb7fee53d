/**
 * The curves of one run, from the first step to this moment: the stored history first, then every record that
 * arrives. A lost connection, a reload and a resume all end in the same reload of the history.
 */
import { call, on, onConnectionState } from '../client.ts';
import type { RunId, RunStatus } from '../../electron/contract/calls.ts';
import type { MetricName } from '../../core/train/records.ts';
import { ProblemError, type Problem } from '../../core/problem.ts';
import { RunSeries } from './runSeries.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';

export { activeRun, liveRuns } from './liveRuns.svelte.ts';

/** A chart is drawn at most ten times a second. */
const drawMs = 100;
/** More than any chart has pixels; the host thins longer histories. */
const historyPoints = 4000;

const isLiveStatus = (status: RunStatus): boolean => status === 'running' || status === 'paused' || status === 'queued';

export class RunFeed {
  readonly id: RunId;
  /** Counts up whenever something new can be drawn; read it where the series are read. */
  version = $state(0);
  loading = $state(true);
  problem = $state.raw<Problem | undefined>();
  #wanted: { readonly names?: readonly MetricName[]; readonly maxPoints?: number };
  #series: RunSeries;
  #ends: (() => void)[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wasLost = false;
  #status: RunStatus;
  /** Only the newest of several loads may finish. */
  #loads = 0;

  constructor(
    id: RunId,
    status: RunStatus,
    smoothingSteps: number,
    wanted: { readonly names?: readonly MetricName[]; readonly maxPoints?: number } = {},
  ) {
    this.id = id;
    this.#wanted = wanted;
    this.#status = status;
    this.#series = new RunSeries(smoothingSteps);
    this.#ends = [
      on('run.records', (event) => {
        if (event.id === id && this.#series.append(event.records, event.rewoundTo)) this.#draw();
      }),
      on('run.changed', ({ run }) => {
        if (run.id !== id) return;
        // Taken up again: what was measured after its checkpoint no longer counts.
        const resumed = isLiveStatus(run.status) && !isLiveStatus(this.#status);
        this.#status = run.status;
        if (resumed) void this.load();
      }),
      onConnectionState((state) => {
        if (state === 'lost') this.#wasLost = true;
        else if (state === 'connected' && this.#wasLost) {
          this.#wasLost = false;
          void this.load();
        }
      }),
    ];
    void this.load();
  }

  async load(): Promise<void> {
    const load = ++this.#loads;
    this.#series.beginLoad();
    try {
      const history = await call('runs.metrics', { id: this.id, maxPoints: historyPoints, ...this.#wanted });
      if (load !== this.#loads) return;
      this.#series.finishLoad(history);
      this.problem = undefined;
    } catch (error) {
      if (load !== this.#loads) return;
      if (!(error instanceof ProblemError)) throw error;
      this.problem = error.problem;
    }
    this.loading = false;
    this.version++;
  }

  get metrics(): string[] {
    void this.version;
    return [...this.#series.series.keys()];
  }

  series(metric: string): SeriesBuffer | undefined {
    void this.version;
    return this.#series.series.get(metric);
  }

  dispose(): void {
    this.#loads++;
    clearTimeout(this.#timer);
    for (const end of this.#ends) end();
  }

  #draw(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.version++;
    }, drawMs);
  }
}
