/** The person's settings with their defaults; what a damaged or older row holds wrongly falls back. */
import * as v from 'valibot';
import type { Settings } from '../contract/calls.ts';
import type { SettingsStore } from '../store/settings.ts';

export const settingsEntries = {
  theme: v.picklist(['system', 'light', 'dark']),
  textScale: v.pipe(v.number(), v.minValue(0.5), v.maxValue(3)),
  workspace: v.record(v.string(), v.unknown()),
};

const schema = v.object({
  theme: v.fallback(settingsEntries.theme, 'system'),
  textScale: v.fallback(settingsEntries.textScale, 1),
  workspace: v.fallback(settingsEntries.workspace, {}),
});

export function readSettings(store: SettingsStore): Settings {
  return v.parse(schema, store.all());
}

export function changeSettings(store: SettingsStore, change: Partial<Settings>): Settings {
  for (const [key, value] of Object.entries(change)) if (value !== undefined) store.set(key, value);
  return readSettings(store);
}
