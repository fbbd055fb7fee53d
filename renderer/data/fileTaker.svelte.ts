/** Who gets a file that is dropped into the window instead of the import: a run in use takes rows to score and images. */

export interface FileTaker {
  /** What stands over the window while a file hovers. */
  readonly hint: string;
  take(file: File): void;
}

class CurrentTaker {
  current = $state.raw<FileTaker | null>(null);
}

export const fileTaker = new CurrentTaker();
