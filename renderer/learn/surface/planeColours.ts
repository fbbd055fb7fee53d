/** Numbers to colours: orange below 0, blue above, the panel's own colour between; classes in the series' colours. */
type Rgb = readonly [number, number, number];

/** `#2f6fde` or `#fff`. */
export function parseHex(hex: string): Rgb {
  const digits = hex.replace('#', '');
  const wide = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const value = Number.parseInt(wide.slice(0, 6), 16);
  return Number.isNaN(value) ? [128, 128, 128] : [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const mix = (a: Rgb, b: Rgb, share: number): Rgb => [0, 1, 2].map((k) => Math.round(a[k]! + (b[k]! - a[k]!) * share)) as unknown as Rgb;
const pack = ([r, g, b]: Rgb): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** Steps between −1 and 1. */
const steps = 255;

export interface PlaneColours {
  /** ABGR by (value + 1) / 2 · 254. */
  readonly diverging: Uint32Array;
  /** By class code. */
  readonly classes: readonly string[];
  readonly negative: string;
  readonly positive: string;
  readonly panel: string;
  readonly text: string;
  readonly faint: string;
  readonly missing: number;
}

/** Full colours stand for points; a map stays paler, so that points on it are seen. */
const mapStrength = 0.82;

/** @param token the present value of a colour token */
export function readColours(token: (name: string) => string): PlaneColours {
  const [negative, positive, panel] = [token('s2'), token('s1'), token('panel')];
  const middle = parseHex(panel);
  const low = mix(middle, parseHex(negative), mapStrength);
  const high = mix(middle, parseHex(positive), mapStrength);
  const diverging = Uint32Array.from({ length: steps }, (_, i) => {
    const value = (2 * i) / (steps - 1) - 1;
    return pack(mix(middle, value < 0 ? low : high, Math.abs(value)));
  });
  const series = ['s2', 's1', 's3', 's4', 's6', 's7', 's5', 's8'].map(token);
  return {
    diverging,
    classes: series,
    negative,
    positive,
    panel,
    text: token('text'),
    faint: token('faint'),
    missing: pack(parseHex(token('line-strong'))),
  };
}

/** Values are divided by `scale`, the number that stands for the full colour, after `centre` was taken off. */
export interface MapScale {
  readonly centre: number;
  readonly scale: number;
  readonly discretise: boolean;
}

/** The largest size of any value, or 1. */
export function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most > 0 && Number.isFinite(most) ? most : 1;
}

export function paintValues(
  pixels: Uint32Array,
  values: Float32Array,
  { centre, scale, discretise }: MapScale,
  colours: PlaneColours,
): void {
  for (let i = 0; i < pixels.length; i++) {
    let value = (values[i]! - centre) / scale;
    if (discretise) value = value >= 0 ? 1 : -1;
    const clamped = value > 1 ? 1 : value < -1 ? -1 : value;
    pixels[i] = Number.isNaN(clamped) ? colours.missing : colours.diverging[Math.round(((clamped + 1) / 2) * (steps - 1))]!;
  }
}

/** Shares from the panel's colour at 0 to the class's own at 1. */
export function paintShares(pixels: Uint32Array, values: Float32Array, colour: string, discretise: boolean, colours: PlaneColours): void {
  const ramp = rampTo(colour, colours);
  for (let i = 0; i < pixels.length; i++) {
    const value = values[i]!;
    const share = discretise ? Number(value > 0.5) : Math.min(1, Math.max(0, value));
    pixels[i] = Number.isNaN(value) ? colours.missing : ramp[Math.round(32 * share)]!;
  }
}

function rampTo(colour: string, { panel }: PlaneColours): Uint32Array {
  const middle = parseHex(panel);
  const full = mix(middle, parseHex(colour), mapStrength);
  return Uint32Array.from({ length: 33 }, (_, i) => pack(mix(middle, full, i / 32)));
}

/** The likeliest class's colour, as strong as its lead over chance. @param values (classes, cells) */
export function paintClasses(pixels: Uint32Array, values: Float32Array, count: number, discretise: boolean, colours: PlaneColours): void {
  const ramps = colours.classes.slice(0, count).map((colour) => rampTo(colour, colours));
  const cells = pixels.length;
  for (let i = 0; i < cells; i++) {
    let best = 0;
    for (let k = 1; k < count; k++) if (values[k * cells + i]! > values[best * cells + i]!) best = k;
    const value = values[best * cells + i]!;
    const lead = discretise ? 1 : Math.max(0, (value - 1 / count) / (1 - 1 / count));
    pixels[i] = Number.isNaN(value) ? colours.missing : ramps[best % ramps.length]![Math.round(32 * lead)]!;
  }
}

/** Draws into a canvas of side × side pixels; the style sheet makes it large. */
export function showPixels(canvas: HTMLCanvasElement, side: number, paint: (pixels: Uint32Array) => void): void {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = new ImageData(side, side);
  paint(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}
