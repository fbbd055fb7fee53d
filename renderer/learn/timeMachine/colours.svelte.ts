/** The theme's colours as numbers, for pixels that a canvas draws itself; they follow the theme. */
type Rgb = readonly [number, number, number];

class ThemeColours {
  #version = $state(0);

  constructor() {
    if (typeof MutationObserver === 'undefined') return;
    const watch = new MutationObserver(() => this.#version++);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  /** Of heat maps: the largest number, the smallest, and 0. */
  heat: { readonly high: Rgb; readonly low: Rgb; readonly none: Rgb } = $derived.by(() => {
    void this.#version;
    return { high: read('--s1'), low: read('--s2'), none: read('--panel') };
  });
}

function read(name: string): Rgb {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

export const theme = new ThemeColours();
