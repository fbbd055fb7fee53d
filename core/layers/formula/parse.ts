/**
 * Reads a formula into a tree, by precedence (recursive descent). Nothing is ever executed as code.
 *
 *   comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
 *   sum        = product {("+" | "-") product}
 *   product    = sign {("*" | "/") sign}
 *   sign       = ("-" | "+") sign | power
 *   power      = atom ["^" sign]                       so −x^2 is −(x^2), and 2^3^2 is 2^(3^2)
 *   atom       = number | name | name "(" comparison {"," comparison} ")" | "(" comparison ")"
 */

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '<' | '<=' | '>' | '>=' | '==' | '!=';

/** `at`: where it starts in the text, from 0. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'negate'; readonly operand: Expression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[]; readonly at: number };

/** What is wrong, and where. */
export interface FormulaMistake {
  readonly at: number;
  /** A clause: `a value is missing after "+"`. */
  readonly message: string;
}

/** Thrown while a formula is read; `readFormula` gives it back as a value. */
export class FormulaError extends Error {
  readonly mistake: FormulaMistake;

  constructor(at: number, message: string) {
    super(message);
    this.mistake = { at, message };
  }
}

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Deeper nesting than any formula needs, and far from what the stack holds. */
const deepest = 60;
const pattern = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(<=|>=|==|!=|\*\*|[-+*/^<>(),−·×÷]))/uy;
/** Signs that are written in more than one way. */
const sameSigns = new Map([
  ['−', '-'],
  ['·', '*'],
  ['×', '*'],
  ['÷', '/'],
  ['**', '^'],
]);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const at = start + (/\S/.exec(text.slice(start))?.index ?? 0);
      throw new FormulaError(at, `"${[...text.slice(at)][0]}" has no meaning in a formula`);
    }
    const [whole, number, name, sign] = match;
    const written = number ?? name ?? sign ?? '';
    const at = start + whole.length - written.length;
    tokens.push({
      kind: number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign',
      text: sameSigns.get(written) ?? written,
      at,
    });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}

/** @throws FormulaError with the first mistake */
export function parseFormula(text: string): Expression {
  const tokens = tokenize(text);
  let next = 0;
  let depth = 0;

  const peek = () => tokens[next]!;
  const take = () => tokens[next++]!;
  const takeSign = <S extends string>(...signs: readonly S[]): (Token & { readonly text: S }) | undefined => {
    const token = peek();
    return token.kind === 'sign' && (signs as readonly string[]).includes(token.text) ? (take() as Token & { text: S }) : undefined;
  };

  /** Operands of one precedence, from left to right. */
  function chain(signs: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (let sign = takeSign(...signs); sign !== undefined; sign = takeSign(...signs)) {
      left = { kind: 'binary', operator: sign.text, left, right: operand(), at: sign.at };
    }
    return left;
  }

  function comparison(): Expression {
    if (++depth > deepest) throw new FormulaError(peek().at, `the formula is nested more than ${deepest} deep`);
    const left = sum();
    const sign = takeSign('<=', '>=', '==', '!=', '<', '>');
    depth--;
    return sign === undefined ? left : { kind: 'binary', operator: sign.text, left, right: sum(), at: sign.at };
  }

  const sum = () => chain(['+', '-'], product);
  const product = () => chain(['*', '/'], signed);

  function signed(): Expression {
    let negative = false;
    const { at } = peek();
    for (let sign = takeSign('-', '+'); sign !== undefined; sign = takeSign('-', '+')) negative = negative !== (sign.text === '-');
    const operand = power();
    return negative ? { kind: 'negate', operand, at } : operand;
  }

  function power(): Expression {
    const base = atom();
    const sign = takeSign('^');
    if (sign === undefined) return base;
    if (++depth > deepest) throw new FormulaError(sign.at, `the formula is nested more than ${deepest} deep`);
    const right = signed();
    depth--;
    return { kind: 'binary', operator: '^', left: base, right, at: sign.at };
  }

  function atom(): Expression {
    const token = take();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text), at: token.at };
    if (token.kind === 'name') return takeSign('(') === undefined ? { kind: 'name', name: token.text, at: token.at } : call(token);
    if (token.text === '(') {
      const inner = comparison();
      close(token);
      return inner;
    }
    const before = tokens[next - 2];
    const found = token.kind === 'end' ? '' : `, there is "${token.text}"`;
    if (before === undefined)
      throw new FormulaError(token.at, token.kind === 'end' ? 'the formula is empty' : `it begins with "${token.text}"`);
    throw new FormulaError(token.at, `a value is missing after "${before.text}"${found}`);
  }

  function call(name: Token): Expression {
    const open = tokens[next - 1]!;
    const operands = [comparison()];
    while (takeSign(',') !== undefined) operands.push(comparison());
    close(open);
    return { kind: 'call', name: name.text, operands, at: name.at };
  }

  function close(open: Token): void {
    if (takeSign(')') !== undefined) return;
    const token = peek();
    if (token.kind === 'end') throw new FormulaError(open.at, 'this bracket is never closed');
    throw new FormulaError(token.at, `an operator or ")" is missing before "${token.text}"`);
  }

  const whole = comparison();
  const rest = peek();
  if (rest.kind !== 'end') {
    throw new FormulaError(rest.at, rest.text === ')' ? 'there is a ")" too many' : `an operator is missing before "${rest.text}"`);
  }
  return whole;
}
