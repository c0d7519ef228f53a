/** A value that a span tells of itself; what is undefined it does not tell. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  /** What the work is for others: it answers one, asks one, makes or takes something that is handed on, or none of these. */
  kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** The `traceparent` of what it is done for; without one, or with one that cannot be read, it begins a trace. */
  parent?: string | null;
  /** The `traceparent`s of other spans that it has to do with. */
  links?: readonly string[];
  attributes?: SpanAttributes;
  /** When it began, if not now. */
  startTime?: Date;
}

/** A piece of work that a trace shows. */
export interface Span {
  readonly traceId: string;
  /** By which what is done because of it is told so (https://www.w3.org/TR/trace-context/); null: the trace is not kept. */
  readonly traceparent: string | null;
  /** A piece of work that is part of it. */
  child(name: string, options?: Omit<SpanOptions, 'parent'>): Span;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** Notes that it failed: by the kind of the error alone, whose text may hold what is nobody's business. */
  fail(kind: string): void;
  end(): void;
}

/** Makes spans and hands them to a collector. */
export interface Tracing {
  start(name: string, options?: SpanOptions): Span;
  /** Hands over what is left, or gives it up after a moment. */
  stop(): Promise<void>;
}
