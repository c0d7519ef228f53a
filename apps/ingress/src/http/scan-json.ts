import { AppError } from '@rollcall/platform';

/** A container that is larger than a slice, and where it can be cut. */
export interface Piece {
  isObject: boolean;
  /** Offsets of its brackets. */
  start: number;
  end: number;
  /** Offsets of commas between its elements, a slice or more apart, and on both sides of each child. */
  cuts: readonly number[];
  /** The larger containers in it, in order. */
  children: readonly Piece[];
}

/** Deeper than any resource in a bulk request may be. */
const MAX_DEPTH = 64;
/** A hundred thousand members with seven attributes each, or a thousand operations of several hundred. */
const MAX_VALUES = 800_000;
/** Attributes of one object: each is looked up, and kept by its name. */
const MAX_KEYS_OF_OBJECT = 5_000;
/** Bytes that are parsed at a time: about a millisecond. */
export const SLICE = 64 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Looks at the structure of a JSON text while it arrives, byte by byte and without making any value: how deep it is, how many values
 * it has, where it can be cut. What it takes for structure is so in every valid text; whether a text is valid, it does not say.
 */
export class JsonScanner {
  private offset = 0;
  private depth = 0;
  private values = 0;
  private inText = false;
  private escaped = false;
  private root: Piece | null = null;
  // Of the containers that are open, by depth.
  private readonly starts = new Int32Array(MAX_DEPTH + 1);
  private readonly objects = new Uint8Array(MAX_DEPTH + 1);
  private readonly keys = new Int32Array(MAX_DEPTH + 1);
  private readonly lastCommas = new Int32Array(MAX_DEPTH + 1);
  private readonly lastCuts = new Int32Array(MAX_DEPTH + 1);
  /** Whether the element that goes on has a piece: the next comma is a cut. */
  private readonly hasPiece = new Uint8Array(MAX_DEPTH + 1);
  private readonly cuts: number[][] = Array.from({ length: MAX_DEPTH + 1 }, () => []);
  private readonly children: Piece[][] = Array.from({ length: MAX_DEPTH + 1 }, () => []);

  /** @param slice bytes up to which nothing is cut */
  constructor(private readonly slice = SLICE) {}

  /** Throws AppError 400 `malformed_json` for a text that is nested too deeply or wrongly, 413 `too_large` for one of too many values. */
  add(chunk: Uint8Array): void {
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index];
      if (this.inText) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inText = false;
      } else if (byte === QUOTE) this.inText = true;
      else if (byte === COMMA) this.comma(this.offset + index);
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.open(this.offset + index, byte === OPEN_OBJECT);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.close(this.offset + index, byte === CLOSE_OBJECT);
    }
    this.offset += chunk.length;
  }

  /** The outermost container, once all has been added; null when it is no larger than a slice. */
  finish(): Piece | null {
    if (this.depth > 0) throw malformed('ends too early');
    return this.root;
  }

  private comma(at: number): void {
    const { depth } = this;
    this.countValue();
    this.lastCommas[depth] = at;
    if (this.objects[depth]) this.countKey(depth);
    if (this.hasPiece[depth] || at - (this.lastCuts[depth] ?? 0) >= this.slice) this.cut(depth, at);
  }

  private open(at: number, isObject: boolean): void {
    if (this.depth === MAX_DEPTH) throw malformed(`is nested deeper than ${MAX_DEPTH} levels`);
    const depth = (this.depth += 1);
    this.countValue();
    this.starts[depth] = this.lastCommas[depth] = this.lastCuts[depth] = at;
    this.objects[depth] = Number(isObject);
    this.keys[depth] = this.hasPiece[depth] = 0;
  }

  private close(at: number, isObject: boolean): void {
    const { depth } = this;
    if (depth === 0 || this.objects[depth] !== Number(isObject)) throw malformed('has brackets that do not match');
    this.depth -= 1;
    const start = this.starts[depth] ?? 0;
    if (at - start <= this.slice) return;
    const [cuts, children] = [this.cuts[depth] ?? [], this.children[depth] ?? []];
    // They are the piece's from now on.
    this.cuts[depth] = [];
    this.children[depth] = [];
    this.keep({ isObject, start, end: at, cuts, children });
  }

  /** Cuts the container around a piece of it. */
  private keep(piece: Piece): void {
    const { depth } = this;
    if (depth === 0) {
      this.root = piece;
      return;
    }
    const lastComma = this.lastCommas[depth] ?? 0;
    if (lastComma > (this.lastCuts[depth] ?? 0)) this.cut(depth, lastComma);
    this.children[depth]?.push(piece);
    this.hasPiece[depth] = 1;
  }

  private cut(depth: number, at: number): void {
    this.cuts[depth]?.push(at);
    this.lastCuts[depth] = at;
    this.hasPiece[depth] = 0;
  }

  private countValue(): void {
    this.values += 1;
    if (this.values > MAX_VALUES) throw tooLarge(`more than ${MAX_VALUES} values`);
  }

  private countKey(depth: number): void {
    const keys = (this.keys[depth] ?? 0) + 1;
    this.keys[depth] = keys;
    if (keys >= MAX_KEYS_OF_OBJECT) throw tooLarge(`an object of more than ${MAX_KEYS_OF_OBJECT} attributes`);
  }
}

function malformed(what: string): AppError {
  return new AppError({ kind: 'invalid', code: 'malformed_json', message: `The JSON of the request body ${what}.` });
}

function tooLarge(what: string): AppError {
  return new AppError({
    kind: 'too_large',
    code: 'too_large',
    message: `The request body has ${what}. Send the change in several requests.`,
  });
}
