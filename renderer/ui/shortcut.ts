/** Shortcuts as tinykeys writes them (`$mod+Shift+z`), shown the way the platform's keyboard names the keys. */

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

const named: Record<string, string> = {
  Shift: isMac ? '⇧' : 'Shift',
  Alt: isMac ? '⌥' : 'Alt',
  Control: 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
  Enter: 'Enter',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Space: 'Space',
  '[Shift]': '',
};

/** `['Ctrl', 'Shift', 'Z']`; of alternatives the first. */
export function shortcutKeys(shortcut: string, mac: boolean = isMac): string[] {
  return shortcut
    .split(/(?<!\+)\+|(?<=\+)\+(?=.)/)
    .map((key) =>
      key === '$mod' ? (mac ? '⌘' : 'Ctrl') : (named[key] ?? (key.length === 1 ? key.toUpperCase() : key.replace(/^(Key|Digit)/, ''))),
    )
    .filter((key) => key !== '');
}
