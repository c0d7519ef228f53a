const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = keyof typeof STYLES;

export interface Printer {
  line(text?: string): void;
  /** Wraps a text in a style; the text itself where there are no colours. */
  style(style: Style, text: string): string;
  /** Resolves when nobody reads any more, as after `| head`. */
  closed: Promise<void>;
}

/** Prints lines, with colours only where a person looks at a terminal and has not set NO_COLOR. */
export function createPrinter(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Printer {
  const colours = stream.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    line: (text = '') => {
      stream.write(`${text}\n`);
    },
    closed: new Promise((resolve) => stream.on('error', () => resolve())),
    style: (style, text) => (colours ? `\u001B[${STYLES[style]}m${text}\u001B[0m` : text),
  };
}
