/** Puts theme and text size on the page; `public/theme.js` does the same from the browser's memory before the first paint. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
let choice: ThemeChoice = 'system';

function resolve(): 'light' | 'dark' {
  if (choice !== 'system') return choice;
  return systemDark.matches ? 'dark' : 'light';
}

export function applyTheme(theme: ThemeChoice, textScale: number): void {
  choice = theme;
  const root = document.documentElement;
  const scale = Math.min(2, Math.max(0.8, textScale));
  root.style.setProperty('--text-scale', String(scale));
  show();
  try {
    localStorage.setItem('layerbench.theme', theme);
    localStorage.setItem('layerbench.textScale', String(scale));
  } catch {
    // Without storage the next start follows the system until the settings are read.
  }
}

function show(): void {
  const theme = resolve();
  if (document.documentElement.dataset.theme === theme) return;
  document.documentElement.dataset.theme = theme;
  window.dispatchEvent(new CustomEvent('themechange'));
}

systemDark.addEventListener('change', show);

/** Calls back when the colours changed, for drawings that read them (charts). */
export function onThemeChange(listener: () => void): () => void {
  window.addEventListener('themechange', listener);
  return () => window.removeEventListener('themechange', listener);
}

/** The present value of a colour token, e.g. `token('s1')`. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
