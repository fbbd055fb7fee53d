/** Runs and their checkpoints. What changes while a run trains is written by its owner process alone. */
import type { PartScore } from '../../core/train/records.ts';
import type { EngineInfo } from '../../core/engines/engine.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { upgradeRunConfig } from '../../core/train/upgradeRunConfig.ts';
import type { RunId, RunStatus } from '../contract/calls.ts';
import type { Db } from './database.ts';

/** A process, told from a later one with the same number by its start time. */
export interface Owner {
  readonly pid: number;
  readonly started: string;
}

export interface Samples {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export interface Scores {
  readonly train?: PartScore;
  readonly validation?: PartScore;
  readonly test?: PartScore;
}

export interface StoredRun {
  readonly id: RunId;
  readonly name: string;
  readonly note: string;
  readonly status: RunStatus;
  readonly networkHash: string;
  readonly networkName: string;
  readonly dataId: string;
  readonly dataHash: string;
  readonly dataName: string;
  readonly startedAt: number;
  readonly elapsedMs: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly parameterCount: number;
  readonly testLooks: number;
  readonly problem: Problem | null;
  readonly owner: Owner | null;
  readonly heartbeatAt: number | null;
  readonly deleted: boolean;
}

/** With the fields that only an opened run needs. */
export interface FullRun extends StoredRun {
  readonly config: RunConfig;
  readonly engine: EngineInfo | null;
  readonly samples: Samples | null;
  readonly scores: Scores;
  readonly parentRun: RunId | null;
  readonly forkStep: number | null;
}

export interface NewRun {
  readonly name: string;
  readonly status: RunStatus;
  readonly networkHash: string;
  readonly networkName: string;
  readonly dataName: string;
  /** With the content hashes of network and data. */
  readonly config: RunConfig;
  readonly startedAt: number;
  readonly owner: Owner;
  readonly parentRun?: RunId;
  readonly forkStep?: number;
}

/** What may change after the start; only the given fields are written. */
export interface RunChange {
  readonly name?: string;
  readonly note?: string;
  readonly status?: RunStatus;
  readonly elapsedMs?: number;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly epoch?: number;
  readonly parameterCount?: number;
  readonly testLooks?: number;
  readonly engine?: EngineInfo;
  readonly samples?: Samples;
  readonly scores?: Scores;
  readonly problem?: Problem | null;
  readonly owner?: Owner | null;
  readonly heartbeatAt?: number;
  readonly deletedAt?: number | null;
}

export interface StoredCheckpoint {
  readonly run: RunId;
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
  readonly learningRate: number | null;
  /** Relative to the library folder. */
  readonly file: string;
  readonly sizeBytes: number;
}

export interface RunsStore {
  create(run: NewRun): RunId;
  change(id: RunId, change: RunChange): void;
  get(id: RunId): FullRun | null;
  /** Newest first; with the id `before`, those older than it. */
  list(options: { deleted: boolean; limit: number; before?: RunId }): StoredRun[];
  /** Runs that name a process as their owner and have not ended. */
  owned(): StoredRun[];
  /** For naming a new run: the names given so far to runs of networks of this name, and the oldest of these runs. */
  namesOf(networkName: string): { taken: Set<string>; oldest: RunId | null };
  addCheckpoint(checkpoint: StoredCheckpoint): void;
  latestCheckpoint(run: RunId): StoredCheckpoint | null;
  /** Forgets all checkpoints of the run but the newest, and returns their files. */
  dropOldCheckpoints(run: RunId): string[];
  count(): number;
}

const summaryColumns = `id, name, note, status, network_hash, network_name, data_id, data_hash, data_name, started_at, elapsed_ms, step,
  total_steps, epoch, epochs, parameter_count, test_looks, problem, owner_pid, owner_started, heartbeat_at, deleted_at`;

interface Row {
  readonly id: number;
  readonly name: string;
  readonly note: string;
  readonly status: string;
  readonly network_hash: string;
  readonly network_name: string;
  readonly data_id: string;
  readonly data_hash: string;
  readonly data_name: string;
  readonly started_at: number;
  readonly elapsed_ms: number;
  readonly step: number;
  readonly total_steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly parameter_count: number;
  readonly test_looks: number;
  readonly problem: string | null;
  readonly owner_pid: number | null;
  readonly owner_started: string | null;
  readonly heartbeat_at: number | null;
  readonly deleted_at: number | null;
}

interface FullRow extends Row {
  readonly config: string;
  readonly engine: string | null;
  readonly samples: string | null;
  readonly scores: string;
  readonly parent_run: number | null;
  readonly fork_step: number | null;
}

function toRun(row: Row): StoredRun {
  return {
    id: row.id,
    name: row.name,
    note: row.note,
    status: row.status as RunStatus,
    networkHash: row.network_hash,
    networkName: row.network_name,
    dataId: row.data_id,
    dataHash: row.data_hash,
    dataName: row.data_name,
    startedAt: row.started_at,
    elapsedMs: row.elapsed_ms,
    step: row.step,
    totalSteps: row.total_steps,
    epoch: row.epoch,
    epochs: row.epochs,
    parameterCount: row.parameter_count,
    testLooks: row.test_looks,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem),
    owner: row.owner_pid === null ? null : { pid: row.owner_pid, started: row.owner_started ?? '' },
    heartbeatAt: row.heartbeat_at,
    deleted: row.deleted_at !== null,
  };
}

function toFullRun(row: FullRow): FullRun {
  return {
    ...toRun(row),
    // A config of an earlier version is lifted, not checked again.
    config: upgradeRunConfig(JSON.parse(row.config)) as RunConfig,
    engine: row.engine === null ? null : (JSON.parse(row.engine) as EngineInfo),
    samples: row.samples === null ? null : (JSON.parse(row.samples) as Samples),
    scores: JSON.parse(row.scores) as Scores,
    parentRun: row.parent_run,
    forkStep: row.fork_step,
  };
}

type SqlValue = string | number | null;
const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Column of each changeable field and how it is stored. */
const changeColumns: {
  readonly [K in Exclude<keyof RunChange, 'owner'>]-?: readonly [string, (value: NonNullable<RunChange[K]> | null) => SqlValue];
} = {
  name: ['name', (v) => v],
  note: ['note', (v) => v],
  status: ['status', (v) => v],
  elapsedMs: ['elapsed_ms', (v) => v],
  step: ['step', (v) => v],
  totalSteps: ['total_steps', (v) => v],
  epoch: ['epoch', (v) => v],
  parameterCount: ['parameter_count', (v) => v],
  testLooks: ['test_looks', (v) => v],
  engine: ['engine', json],
  samples: ['samples', json],
  scores: ['scores', json],
  problem: ['problem', json],
  heartbeatAt: ['heartbeat_at', (v) => v],
  deletedAt: ['deleted_at', (v) => v],
};

export function createRunsStore(db: Db): RunsStore {
  const insert = db.prepare(
    `INSERT INTO runs (name, status, network_hash, network_name, data_id, data_hash, data_name, config, seed, parent_run, fork_step,
       started_at, epochs, owner_pid, owner_started, heartbeat_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = db.prepare<[number], FullRow>(
    `SELECT ${summaryColumns}, config, engine, samples, scores, parent_run, fork_step FROM runs WHERE id = ?`,
  );
  const list = db.prepare<[number, number, number], Row>(
    `SELECT ${summaryColumns} FROM runs WHERE (deleted_at IS NOT NULL) = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const owned = db.prepare<[], Row>(`SELECT ${summaryColumns} FROM runs WHERE status IN ('queued', 'running', 'paused')`);
  const byNetwork = db
    .prepare<[string], [number, string]>('SELECT id, name FROM runs WHERE network_name = ? AND deleted_at IS NULL ORDER BY id')
    .raw();
  const insertCheckpoint = db.prepare(
    'INSERT OR REPLACE INTO checkpoints (run, step, epoch, elapsed_ms, learning_rate, file, size_bytes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const newestCheckpoint = db.prepare<
    [number],
    { step: number; epoch: number; elapsed_ms: number; learning_rate: number | null; file: string; size_bytes: number }
  >('SELECT step, epoch, elapsed_ms, learning_rate, file, size_bytes FROM checkpoints WHERE run = ? ORDER BY step DESC LIMIT 1');
  const dropOld = db
    .prepare<[number, number], string>(
      'DELETE FROM checkpoints WHERE run = ? AND step < (SELECT max(step) FROM checkpoints WHERE run = ?) RETURNING file',
    )
    .pluck();
  const count = db.prepare<[], number>('SELECT count(*) FROM runs').pluck();

  return {
    create(run) {
      const { config, owner } = run;
      const result = insert.run(
        run.name,
        run.status,
        run.networkHash,
        run.networkName,
        config.data.id,
        config.data.hash ?? '',
        run.dataName,
        JSON.stringify(config),
        config.seed,
        run.parentRun ?? null,
        run.forkStep ?? null,
        run.startedAt,
        config.epochs,
        owner.pid,
        owner.started,
        run.startedAt,
      );
      return Number(result.lastInsertRowid);
    },

    change(id, change) {
      const sets: string[] = [];
      const values: SqlValue[] = [];
      for (const key of Object.keys(changeColumns) as (keyof typeof changeColumns)[]) {
        const value = change[key];
        if (value === undefined) continue;
        const [column, store] = changeColumns[key] as readonly [string, (value: unknown) => SqlValue];
        sets.push(`${column} = ?`);
        values.push(store(value));
      }
      if (change.owner !== undefined) {
        sets.push('owner_pid = ?', 'owner_started = ?');
        values.push(change.owner?.pid ?? null, change.owner?.started ?? null);
      }
      if (sets.length > 0) db.prepare(`UPDATE runs SET ${sets.join(', ')} WHERE id = ?`).run(...values, id);
    },

    get(id) {
      const row = get.get(id);
      return row === undefined ? null : toFullRun(row);
    },

    list({ deleted, limit, before }) {
      return list.all(deleted ? 1 : 0, before ?? Number.MAX_SAFE_INTEGER, limit).map(toRun);
    },

    owned() {
      return owned.all().map(toRun);
    },

    namesOf(networkName) {
      const rows = byNetwork.all(networkName);
      return { taken: new Set(rows.map(([, name]) => name)), oldest: rows[0]?.[0] ?? null };
    },

    addCheckpoint(c) {
      insertCheckpoint.run(c.run, c.step, c.epoch, c.elapsedMs, c.learningRate, c.file, c.sizeBytes, Date.now());
    },

    latestCheckpoint(run) {
      const row = newestCheckpoint.get(run);
      if (row === undefined) return null;
      return {
        run,
        step: row.step,
        epoch: row.epoch,
        elapsedMs: row.elapsed_ms,
        learningRate: row.learning_rate,
        file: row.file,
        sizeBytes: row.size_bytes,
      };
    },

    dropOldCheckpoints(run) {
      return dropOld.all(run, run);
    },

    count() {
      return count.get() ?? 0;
    },
  };
}
