import { runInSlices } from '@rollcall/platform';
import { SLICE } from './scan-json';
import type { Piece } from './scan-json';

/**
 * Parses a JSON text as `JSON.parse` does, slice by slice: others have their turn in between. Its own keys named `__proto__` are
 * left out.
 * @param bytes the text in UTF-8
 * @param root what `JsonScanner` found in it
 * Throws SyntaxError.
 */
export async function parseInSlices(bytes: Buffer, root: Piece | null): Promise<unknown> {
  if (!root) return parseSlice(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  // Around it is nothing but white space.
  const [before, after] = [bytes.toString('utf8', 0, root.start), bytes.toString('utf8', root.end + 1)];
  JSON.parse(`${before.replace(/^\uFEFF/, '')}null${after}`);
  return runInSlices(parsePiece(bytes, root));
}

/** Small enough to be parsed at once. */
export function isOneSlice(bytes: Buffer): boolean {
  return bytes.length <= 4 * SLICE;
}

function* parsePiece(bytes: Buffer, piece: Piece): Generator<void, unknown> {
  const whole = piece.isObject ? new ObjectInParts() : new ArrayInParts();
  const children = piece.children.values();
  let child = children.next().value;
  const ends = [...piece.cuts, piece.end];
  for (const [index, end] of ends.entries()) {
    const start = (ends[index - 1] ?? piece.start) + 1;
    if (child && child.start < end) {
      const [before, after] = [bytes.toString('utf8', start, child.start), bytes.toString('utf8', child.end + 1, end)];
      whole.addOne(`${before}null${after}`, yield* parsePiece(bytes, child));
      child = children.next().value;
    } else if (whole.addSome(bytes.toString('utf8', start, end)) === 0 && ends.length > 1) {
      throw new SyntaxError('nothing beside a comma');
    }
    yield;
  }
  return whole.value;
}

/** Puts an array together. */
class ArrayInParts {
  readonly value: unknown[] = [];

  /** Elements from their text; how many. */
  addSome(text: string): number {
    const elements = parseSlice(`[${text}]`) as unknown[];
    for (const element of elements) this.value.push(element);
    return elements.length;
  }

  /** One element whose value is known; its text has null in the place of it. */
  addOne(text: string, value: unknown): void {
    if ((JSON.parse(`[${text}]`) as unknown[]).length !== 1) throw new SyntaxError('not one element');
    this.value.push(value);
  }
}

/** Puts an object together. */
class ObjectInParts {
  readonly value: Record<string, unknown> = {};

  addSome(text: string): number {
    const attributes = JSON.parse(`{${text}}`) as object;
    const { length } = Object.keys(attributes);
    Object.assign(this.value, mayNamePrototype(text) ? withoutPrototypeKeys(attributes) : attributes);
    return length;
  }

  addOne(text: string, value: unknown): void {
    const [name, more] = Object.keys(JSON.parse(`{${text}}`) as object);
    if (name === undefined || more !== undefined) throw new SyntaxError('not one attribute');
    if (name !== '__proto__') this.value[name] = value;
  }
}

/** Parses a text at once, and drops every own `__proto__` key: harmless as parsed, but it would set the prototype of an object it is copied to. */
export function parseSlice(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return mayNamePrototype(text) ? withoutPrototypeKeys(value) : value;
}

/** An escape can hide the name, so any escape is worth the walk. */
function mayNamePrototype(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u');
}

function withoutPrototypeKeys(body: unknown): unknown {
  const rest = [body];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) delete (value as Record<string, unknown>)['__proto__'];
    for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) rest.push(child);
  }
  return body;
}
