/** Theme, text size and whatever the interface wants back after a restart, kept in the library's settings. */
import type { Settings } from '../../electron/contract/calls.ts';
import { call } from '../client.ts';
import { applyTheme } from '../ui/theme.ts';

const quietMs = 400;

class Preferences {
  theme = $state.raw<Settings['theme']>('system');
  textScale = $state.raw(1);
  #workspace = $state.raw<Readonly<Record<string, unknown>>>({});
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loaded = false;

  async load(): Promise<void> {
    const settings = await call('settings.get', {});
    this.theme = settings.theme;
    this.textScale = settings.textScale;
    this.#workspace = settings.workspace;
    this.#loaded = true;
    applyTheme(this.theme, this.textScale);
  }

  setTheme(theme: Settings['theme']): void {
    this.theme = theme;
    applyTheme(theme, this.textScale);
    void call('settings.set', { change: { theme } }).catch(() => undefined);
  }

  setTextScale(textScale: number): void {
    this.textScale = textScale;
    applyTheme(this.theme, textScale);
    void call('settings.set', { change: { textScale } }).catch(() => undefined);
  }

  /** What was remembered under this key, or the fallback when it is missing or of another type. */
  recall<T>(key: string, fallback: T): T {
    const value = this.#workspace[key];
    const fits = fallback === null || (typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback));
    return value !== undefined && fits ? (value as T) : fallback;
  }

  remember(key: string, value: unknown): void {
    if (JSON.stringify(this.#workspace[key]) === JSON.stringify(value)) return;
    this.#workspace = { ...this.#workspace, [key]: value };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), quietMs);
  }

  async flush(): Promise<void> {
    if (this.#timer === undefined || !this.#loaded) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await call('settings.set', { change: { workspace: this.#workspace } }).catch(() => undefined);
  }
}

export const preferences = new Preferences();
