/** A command is data: the menus, the search field, the shortcuts and the help all read the same list. */
import type { Component } from 'svelte';
import type { Place } from '../workspace/workspace.svelte.ts';

export type CommandGroup = 'edit' | 'canvas' | 'network' | 'training' | 'view';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: CommandGroup;
  /** As tinykeys writes it; further ones are alternatives. */
  readonly shortcuts?: readonly string[];
  /** Where the shortcut works; everywhere when absent. */
  readonly places?: readonly Place[];
  /** The shortcut works while a text field has the focus, too. */
  readonly inFields?: boolean;
  /** The browser's own copy, cut and paste events trigger it: the shortcut is shown but not bound. */
  readonly native?: boolean;
  /** Further words it is found by. */
  readonly keywords?: readonly string[];
  readonly icon?: Component<{ size?: number }>;
  readonly danger?: boolean;
  /** Not listed in the search field (it opens from there). */
  readonly hidden?: boolean;
  enabled?(): boolean;
  run(): void | Promise<void>;
}
