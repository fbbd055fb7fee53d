/** Binds the commands' shortcuts to the window. */
import { tinykeys } from 'tinykeys';
import { workspace } from '../workspace/workspace.svelte.ts';
import { showError } from '../workspace/notices.svelte.ts';
import { windows } from '../workspace/windows.svelte.ts';
import { commands, isEnabled, type Command } from './index.ts';

/** True where typing belongs to a field, not to the commands. */
export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('textarea, select, [role="menu"], [role="dialog"]') !== null) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

export async function runCommand(command: Command): Promise<void> {
  if (!isEnabled(command)) return;
  try {
    await command.run();
  } catch (error) {
    showError(error);
  }
}

function applies(command: Command, event: KeyboardEvent): boolean {
  if (windows.settings || windows.help || windows.zoo) return false;
  if (windows.palette && command.id !== 'search') return false;
  if (!command.inFields && isField(event.target)) return false;
  const placeFits = command.places?.includes(workspace.place) ?? true;
  return placeFits && isEnabled(command);
}

/** @returns a function that unbinds them */
export function bindShortcuts(): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const command of commands) {
    if (command.native) continue;
    for (const shortcut of command.shortcuts ?? []) {
      const others = bindings[shortcut];
      bindings[shortcut] = (event) => {
        others?.(event);
        if (event.defaultPrevented || !applies(command, event)) return;
        event.preventDefault();
        void runCommand(command);
      };
    }
  }
  return tinykeys(window, bindings, { ignore: (event) => event.isComposing });
}
