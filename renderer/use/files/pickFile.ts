/** Opens the system's file chooser; must be called from a click or a key. */
export function pickFile(accept: string, take: (file: File) => void): void {
  const chooser = document.createElement('input');
  chooser.type = 'file';
  chooser.accept = accept;
  chooser.onchange = () => {
    const file = chooser.files?.[0];
    if (file !== undefined) take(file);
  };
  chooser.click();
}
