/** The person's settings: one row per key, each a JSON value. */
import type { Db } from './database.ts';

export interface SettingsStore {
  all(): Record<string, unknown>;
  set(key: string, value: unknown): void;
}

export function createSettingsStore(db: Db): SettingsStore {
  const all = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings');
  const set = db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  return {
    all: () => Object.fromEntries(all.all().map((row) => [row.key, JSON.parse(row.value) as unknown])),
    set: (key, value) => void set.run(key, JSON.stringify(value)),
  };
}
