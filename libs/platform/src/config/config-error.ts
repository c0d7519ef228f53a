/** A variable of the environment that cannot be used: one sentence that names it and says what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, sentence: string) {
    super(`${variable} ${sentence}`);
    this.variable = variable;
  }
}
